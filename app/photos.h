#pragma once

// Photos: the pictures that the field sends, as files DIR/<order>/<SHA-256>.jpg or .png, so that
// the same picture sent twice is kept once; the hash is that of what was sent, the file is without
// position (picture.h), and beside it <name>.json says when it was taken. What is no JPEG or PNG is
// refused, and an order has room for so many. A 201 comes when it would survive a power cut. Files
// are written and read on a thread of its own; answers come from there. Made by FieldApi.

#include <string>
#include <string_view>
#include <vector>

#include "app/answerer.h"

namespace app {

class Photos {
 public:
  struct Options {
    std::string directory;
    std::size_t most = 12;     // of one order
    std::size_t waiting = 64;  // requests; more are answered 503
  };
  explicit Photos(Options options);

  /// 201 {"path"}; else why not.
  void keep(const std::string& order, std::string bytes, const connectors::Reply& reply);
  /// The picture, or 404.
  void get(const std::string& order, const std::string& name, const connectors::Reply& reply);
  /// 200 {"photos": [path, …]}.
  void list(const std::string& order, const connectors::Reply& reply);

  /// What a feedback calls it: /api/photos/ORDER/NAME.
  static std::string path_of(const std::string& order, const std::string& name);
  /// Whether `path` is of a picture of that order, by its form.
  static bool is_of(std::string_view path, const std::string& order);

 private:
  connectors::Response write(const std::string& order, const std::string& bytes) const;
  std::string directory_of(const std::string& order) const;
  std::vector<std::string> names_of(const std::string& order) const;

  const Options options_;
  Answerer answerer_;
};

}  // namespace app
