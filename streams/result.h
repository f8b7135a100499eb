#pragma once

// Result<T>: the value, or an expected failure of the world (disk, broker, file). What to do about
// a failure is decided once, where a port is used; `kind` says what is possible. Bad data is not an
// Error but a Reject (reject.h), a broken invariant is a CHECK. Any thread.

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "streams/check.h"

namespace streams {

struct Error {
  enum class Kind {
    retry,       // the same call may succeed later
    abort_task,  // the task's uncommitted work is lost: roll back, rewind, go on
    fatal,       // this process can't go on; a restart restores
    usage,       // what was asked can't be done: wrong option, file, rule
  };
  Kind kind = Kind::fatal;
  std::string what;  // one sentence: what happened, where, what to do
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}      // NOLINT: a value is a result
  Result(Error error) : content_(std::move(error)) {}  // NOLINT: so is an error
  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& operator*() { return value(); }
  const T& operator*() const { return const_cast<Result*>(this)->value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &const_cast<Result*>(this)->value(); }
  const Error& error() const { return std::get<1>(content_); }

 private:
  T& value() {
    CHECK(ok());
    return *std::get_if<0>(&content_);
  }
  std::variant<T, Error> content_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: an error is a result
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace streams
