#include "connectors/http/static_files.h"

#include <filesystem>

namespace connectors {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostFiles = 1'000;

std::string_view type_of(const std::string& extension) {
  if (extension == ".html") return "text/html; charset=utf-8";
  if (extension == ".css") return "text/css; charset=utf-8";
  if (extension == ".js") return "text/javascript; charset=utf-8";
  if (extension == ".json") return "application/json";
  if (extension == ".svg") return "image/svg+xml";
  if (extension == ".png") return "image/png";
  return {};  // what a page has no use for is not served
}

}  // namespace

streams::Result<StaticFiles> StaticFiles::list(const std::string& directory) {
  StaticFiles found;
  std::error_code failed;
  const fs::path root{directory};
  for (fs::recursive_directory_iterator it{root, failed}, end; !failed && it != end;
       it.increment(failed)) {
    const std::string_view type = type_of(it->path().extension().string());
    if (type.empty() || !it->is_regular_file(failed)) continue;
    found.files_["/" + it->path().lexically_relative(root).generic_string()] = {it->path().string(),
                                                                                type};
    if (found.files_.size() > kMostFiles)
      return streams::Error{
          streams::Error::Kind::usage,
          "directory " + directory + " holds more than 1000 files for the screen"};
  }
  if (failed || found.files_.empty())
    return streams::Error{streams::Error::Kind::usage,
                          "directory " + directory + " holds no page: " +
                              (failed ? failed.message() : "there is no .html, .css or .js in it")};
  return found;
}

const StaticFiles::File* StaticFiles::find(const std::string& path) const {
  const auto it = files_.find(path.ends_with('/') ? path + "index.html" : path);
  return it == files_.end() ? nullptr : &it->second;
}

}  // namespace connectors
