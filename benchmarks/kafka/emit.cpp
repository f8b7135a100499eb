// The floor of advance notice: reads a topic of events and writes, for each e-bike seen by a
// camera, a record that names the event. No rules, no state, no transactions: nothing that tells of
// an event on another topic can be faster. Runs until it is ended. `emit --broker HOST:PORT --in
// TOPIC --out TOPIC`

#include <CLI/CLI.hpp>

#include "benchmarks/kafka/client.h"

int main(int argc, char** argv) {
  std::string broker, in, out;
  CLI::App cli{"The floor of advance notice"};
  cli.add_option("--broker", broker, "HOST:PORT")->required();
  cli.add_option("--in", in, "topic of events")->required();
  cli.add_option("--out", out, "topic of what is told of them")->required();
  CLI11_PARSE(cli, argc, argv);
  benchmarks::Reader reader{broker, in};
  benchmarks::EventProducer producer{broker, out, "0"};
  std::puts("READY");
  std::fflush(stdout);
  std::string told;
  while (true)
    reader.read(50, [&](std::string_view event) {
      if (event.find(R"("label":"e_bike")") == std::string_view::npos) return;
      told = R"({"subject":")";
      told += benchmarks::quoted(event, R"("subject":")");
      told += R"(","evidence":[")";
      told += benchmarks::quoted(event, R"("id":")");
      told += R"("]})";
      producer.send(told);
    });
}
