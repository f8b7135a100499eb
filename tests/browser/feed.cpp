// A stand-in for the engine behind the screen: fills a MemoryLog with warnings and orders as the
// contract has them, serves the real board, API and page, and answers the seats' steps as judge and
// respond would, as far as a page can tell. For developing the page and for
// tests/browser/screen.test.js.
//
//   feed [--port N] [--rows N] [--every SECONDS] [--silent] [--screen DIR] [--token FILE]
//
// With --every every fifth of the new ones is a P1.

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>

#include "app/api.h"
#include "app/find_api.h"
#include "tests/browser/feed_city.h"

namespace {

using feed::City;
using feed::now;
using namespace std::chrono_literals;

volatile std::sig_atomic_t stopping = 0;

}  // namespace

int main(int argc, char** argv) {
  int rows = 40, every = 0;
  std::uint16_t port = 8080;
  bool silent = false;
  std::string screen = "screen", token_file;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--silent") silent = true;
    if (i + 1 >= argc) break;
    if (option == "--port") port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
    if (option == "--rows") rows = std::atoi(argv[i + 1]);
    if (option == "--every") every = std::atoi(argv[i + 1]);
    if (option == "--screen") screen = argv[i + 1];
    if (option == "--token") token_file = argv[i + 1];
  }
  std::signal(SIGINT, [](int) { stopping = 1; });
  std::signal(SIGTERM, [](int) { stopping = 1; });

  streams::MemoryLog log;
  City city{log};
  city.fill(rows);
  app::Board board{log, {.run = std::to_string(now().time_since_epoch().count())}};
  connectors::GroupCommit commits{
      [&](std::vector<streams::Append> records) { return log.append(std::move(records), true); }};
  connectors::Door door{std::make_unique<connectors::EventDecoder>(), commits, {1, now}};
  std::optional<connectors::Tokens> token;
  if (!token_file.empty()) token = *connectors::Tokens::read_file(token_file);
  connectors::Server server{token};
  app::Api api{{board, door, commits, now,
                [&] {
                  app::Health health;
                  health.city = "上海市长宁区城运中心";
                  health.build = "feed";
                  health.clock = now();
                  health.lag = 180ms;
                  health.simulated = true;
                  health.sources = {{"elevator.telemetry", now() - 1s, false},
                                    {"camera.alerts", now() - (silent ? 140s : 2s), silent},
                                    {"permit.changes", now() - 61s, false},
                                    {"hotline.complaints", now() - 9s, false}};
                  health.counters = {{"records", 128934}, {"commits", 9001}};
                  return health;
                },
                [&] {
                  connectors::Snapshot snapshot;
                  app::Api::add_metrics(board.counters(now()), door.counters(), server.counters(),
                                        snapshot);
                  return snapshot;
                }},
               {.life_items = {"elevator.rescue"}, .seats = {"seat/1", "seat/2", "seat/3"}}};
  api.add_routes(server);
  app::FindApi find{
      {board,
       {log,
        [](const streams::Partition&) -> streams::Result<app::TracePorts::Extent> {
          return app::TracePorts::Extent{0, 1 << 20};  // beyond its end there is nothing
        }},
       [] { return std::vector<streams::Version>{}; }},
      {}};
  find.add_routes(server);
  const auto files = server.files(screen);
  const auto started = files ? server.start({.port = port}) : files;
  if (!started) {
    std::cerr << started.error().what << "\n";
    return 1;
  }
  api.start();
  std::cout << "listening on http://127.0.0.1:" << server.port() << std::endl;
  auto next = now() + std::chrono::seconds{every};
  for (int number = rows; stopping == 0; std::this_thread::sleep_for(30ms)) {
    city.answer_feedback();
    if (every == 0 || now() < next) continue;
    next = now() + std::chrono::seconds{every};
    if (++number % 5 == 0)
      city.urgent();
    else
      city.another(number);
  }
  find.stop();
  api.stop();
  server.stop();
}
