#pragma once

// TopicsDocument: every topic of a city in AsyncAPI 3.0, with the JSON Schema of each event, made
// from the same lists of fields by which records are read and written. Printed by `watchfire
// describe --asyncapi`; kept in deploy/asyncapi.json, where a test compares it. Any thread.

#include <string>

namespace app {

/// JSON text.
std::string topics_document();

}  // namespace app
