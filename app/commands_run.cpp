// run and describe: the city on the embedded log, live or to its end.

#include <fmt/format.h>

#include <charconv>

#include "app/commands.h"
#include "app/home.h"
#include "operators/city_loop.h"

namespace app {

using streams::Error;
using streams::Result;

std::optional<std::size_t> parse_bytes(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number == 0) return std::nullopt;
  const std::string unit{end, text.data() + text.size()};
  if (unit == "MiB") return number << 20;
  if (unit == "GiB") return number << 30;
  return std::nullopt;
}

int describe(bool mermaid) {
  streams::Topology city{"city"};
  operators::declare_city(city, {});
  fmt::print("{}", city.describe(mermaid));
  return 0;
}

int run(const RunOptions& options) {
  Result<std::unique_ptr<RunningCity>> opened = RunningCity::open(options);
  if (!opened) return report(opened.error());
  RunningCity& city = **opened;
  if (!options.until_end)
    return report({Error::Kind::usage,
                   "live running needs the doors, which are not built in yet: "
                   "add --until-end"});
  const auto progress = [](streams::Time now) {
    fmt::print(stderr, "\r{}", streams::format_time(now));
  };
  if (Result<void> ran = city.engine().run_until_end(progress); !ran) return report(ran.error());
  fmt::print(stderr, "\n");
  city.print_summary();
  return 0;
}

}  // namespace app
