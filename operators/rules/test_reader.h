#pragma once

// test_reader: the tests that stand under a pack's rules, read as strictly as the rules: what is
// given has the types that the contract and the pack's `fields` say. Called by pack_reader.

#include "operators/rules/pack.h"
#include "operators/yaml/node.h"

namespace rules {

/// `pack`: with its `fields`, which come before its rules.
PackTest read_test(const yaml::Node& node, const Rule& rule, const Pack& pack,
                   yaml::Problems& problems);

/// Complains of a topic that is none of the doors.
void check_topic(const std::string& topic, Place place, yaml::Problems& problems);

}  // namespace rules
