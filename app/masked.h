#pragma once

// masked_dead_letter: a record of `dead.letters` as everybody but an engineer sees it. What could
// not be read may be what somebody said on the telephone: of a complaint only the fields that are
// about no person stay, and bytes of a hotline's door that can't be read at all are not shown.
// Called by the board, the topic feed and the search for an event; any thread.

#include <string>
#include <string_view>

namespace app {

/// `record`: the CloudEvent.
std::string masked_dead_letter(std::string_view record);

}  // namespace app
