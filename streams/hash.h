#pragma once

// The two hashes of the city. `partition_of` is Kafka's murmur2 partitioner, so that a record lies
// in the same partition whoever wrote it. `make_id` names a thing after its cause, so that replay,
// retry and duplicate delivery converge instead of multiplying. Any thread.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace streams {

/// Kafka's `toPositive(murmur2(key)) % partitions`.
int partition_of(std::string_view key, int partitions);

/// `<prefix>` and 32 hex digits: the 128-bit hash of the parts in order ("ab","c" is not "a","bc").
std::string make_id(std::string_view prefix, std::initializer_list<std::string_view> parts);

/// For tables in memory and for duplicates within one entity; never leaves the process's data.
std::uint64_t hash64(std::string_view bytes);
std::uint64_t hash64(std::string_view first, std::string_view second);
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed);

/// A stable 32-bit name of a state, as rows carry it.
std::uint32_t name_tag(std::string_view name);

}  // namespace streams
