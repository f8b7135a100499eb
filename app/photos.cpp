#include "app/photos.h"

#include <algorithm>
#include <filesystem>

#include "app/files.h"
#include "app/picture.h"
#include "connectors/http/signer.h"
#include "streams/json.h"

namespace app {

namespace fs = std::filesystem;
using connectors::error_response;
using connectors::Reply;
using connectors::Response;
using streams::json_object;
using streams::JsonMembers;

namespace {

constexpr std::string_view kPrefix = "/api/photos/";

struct Kind {
  std::string_view magic, ending, type;
  std::optional<Picture> (*bare)(std::string_view);
};
constexpr Kind kKinds[] = {
    {"\xff\xd8\xff", ".jpg", "image/jpeg", bare_jpeg},
    {"\x89PNG\r\n\x1a\n", ".png", "image/png", bare_png},
};

const Kind* kind_of_bytes(std::string_view bytes) {
  for (const Kind& kind : kKinds)
    if (bytes.starts_with(kind.magic)) return &kind;
  return nullptr;
}

/// Null where the name is not one that keep() has made.
const Kind* kind_of_name(std::string_view name) {
  constexpr std::size_t kHashDigits = 64;
  for (const Kind& kind : kKinds) {
    if (name.size() != kHashDigits + kind.ending.size() || !name.ends_with(kind.ending)) continue;
    const std::string_view hash = name.substr(0, kHashDigits);
    if (hash.find_first_not_of("0123456789abcdef") == hash.npos) return &kind;
  }
  return nullptr;
}

/// An order's id is the name of a directory here.
bool is_plain(std::string_view order) {
  return !order.empty() && order.size() <= 128 &&
         std::all_of(order.begin(), order.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace

Photos::Photos(Options options)
    : options_(std::move(options)),
      answerer_(options_.waiting, "too many pictures are waiting to be kept or read") {}

void Photos::keep(const std::string& order, std::string bytes, const Reply& reply) {
  answerer_.ask([this, order, bytes = std::move(bytes)] { return write(order, bytes); }, reply);
}

void Photos::get(const std::string& order, const std::string& name, const Reply& reply) {
  answerer_.ask(
      [this, order, name] {
        const Kind* kind = kind_of_name(name);
        if (kind == nullptr || !is_plain(order)) return error_response(404, "no such picture");
        streams::Result<std::string> bytes = read_file(directory_of(order) + "/" + name);
        if (!bytes) return error_response(404, "no such picture");
        return Response{.body = std::move(*bytes), .type = std::string{kind->type}};
      },
      reply);
}

void Photos::list(const std::string& order, const Reply& reply) {
  answerer_.ask(
      [this, order] {
        std::vector<std::string> paths;
        for (const std::string& name : names_of(order)) paths.push_back(path_of(order, name));
        std::string body = json_object([&](JsonMembers& member) { member("photos", paths); });
        return Response{.body = body + "\n"};
      },
      reply);
}

std::string Photos::path_of(const std::string& order, const std::string& name) {
  return std::string{kPrefix} + order + "/" + name;
}

bool Photos::is_of(std::string_view path, const std::string& order) {
  const std::string directory = path_of(order, "");
  return path.starts_with(directory) && kind_of_name(path.substr(directory.size())) != nullptr;
}

Response Photos::write(const std::string& order, const std::string& bytes) const {
  const Kind* kind = kind_of_bytes(bytes);
  if (kind == nullptr) return error_response(415, "a picture is a JPEG or a PNG");
  if (!is_plain(order)) return error_response(400, "this order can have no pictures");
  const std::optional<Picture> picture = kind->bare(bytes);
  if (!picture)
    return error_response(400, "the picture is cut off or damaged: take or send it again");
  const std::string original = connectors::sha256_hex(bytes);
  const std::string name = original + std::string{kind->ending};
  const std::string path = directory_of(order) + "/" + name;
  const std::vector<std::string> names = names_of(order);
  const bool known = std::find(names.begin(), names.end(), name) != names.end();
  if (!known && names.size() >= options_.most)
    return error_response(409, "an order takes " + std::to_string(options_.most) +
                                   " pictures, and this one has them");
  // One that a power cut has left short is written anew.
  const streams::Result<std::string> kept =
      known ? read_file(path) : streams::Result<std::string>{std::string{}};
  if (!kept || *kept != picture->bytes) {
    std::error_code failed;
    fs::create_directories(directory_of(order), failed);
    const std::string beside = json_object([&](JsonMembers& member) {
      member("sha256", original);
      member("takenAt",
             picture->taken_at.empty() ? std::nullopt : std::optional{picture->taken_at});
    });
    streams::Result<void> written = write_file(directory_of(order) + "/" + original + ".json",
                                               beside + "\n");
    if (written) written = write_file(path, picture->bytes);
    if (!written) return error_response(500, "the picture was not kept: " + written.error().what);
  }
  std::string body =
      json_object([&](JsonMembers& member) { member("path", path_of(order, name)); });
  return {.status = 201, .body = body + "\n"};
}

std::string Photos::directory_of(const std::string& order) const {
  return options_.directory + "/" + order;
}

std::vector<std::string> Photos::names_of(const std::string& order) const {
  std::vector<std::string> names;
  if (!is_plain(order)) return names;
  std::error_code none;
  for (fs::directory_iterator it{directory_of(order), none}, end; !none && it != end;
       it.increment(none)) {
    std::string name = it->path().filename().string();
    if (kind_of_name(name) != nullptr) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace app
