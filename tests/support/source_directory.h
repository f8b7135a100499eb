#pragma once

// Where this checkout stands: tests read its lists, packs and scenarios. One source file alone
// knows the path, so that a compiler cache serves every clone.

#include <string>

/// The checkout's root, or a path below it ("/deploy/city").
std::string source_directory(const std::string& below = "");
