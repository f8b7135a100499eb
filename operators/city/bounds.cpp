#include "operators/city/bounds.h"

namespace city {

std::string clipped(std::string_view text, std::size_t bytes) {
  constexpr std::string_view kMore = "…";
  if (text.size() <= bytes) return std::string{text};
  std::size_t end = bytes - kMore.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string{text.substr(0, end)}.append(kMore);
}

void add_link(std::vector<std::string>& links, std::string link) {
  if (links.size() == kLinksKept) links.erase(links.begin());
  links.push_back(std::move(link));
}

}  // namespace city
