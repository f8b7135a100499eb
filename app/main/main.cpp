// watchfire: one program, its subcommands. `watchfire --help`.

#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include "app/commands.h"

namespace {

void add_kafka_options(CLI::App& command, app::KafkaOptions& kafka) {
  command.add_option("--brokers", kafka.brokers, "HOST:PORT,… of Kafka");
  command.add_option("--kafka-config", kafka.config_file,
                     "file of librdkafka's properties, name=value: TLS, SASL");
  command.add_option("--prefix", kafka.prefix, "in front of every topic's name");
}

void add_tail(CLI::App& cli, int& code) {
  auto options = std::make_shared<app::TailOptions>();
  CLI::App* command = cli.add_subcommand("tail", "Print a topic's records, one JSON a line");
  command->add_option("topic", options->topic, "such as warnings, dispatch.orders")->required();
  command->add_option("--data", options->data, "data directory")->required();
  command->add_option("--from", options->from, "start, end or a time")->capture_default_str();
  command->add_option("--entity", options->entity, "only this subject, <kind>/<id>");
  command->add_flag("--follow", options->follow, "go on as records come");
  command->callback([options, &code] { code = app::tail(*options); });

  auto data = std::make_shared<std::string>();
  CLI::App* topics = cli.add_subcommand("topics", "List topics: partition, records, bytes, times");
  auto* directory = topics->add_option("--data", *data, "data directory");
  auto kafka = std::make_shared<app::KafkaOptions>();
  auto counts = std::make_shared<std::pair<int, int>>(4, 1);
  CLI::App* create = topics->add_subcommand(
      "create", "Make a city's topics on Kafka where they are missing; say what differs");
  add_kafka_options(*create, *kafka);
  create->get_option("--brokers")->required();
  create->add_option("--partitions", counts->first, "of every topic: as many tasks")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  create->add_option("--replication", counts->second, "copies of each partition")
      ->check(CLI::Range(1, 9))
      ->capture_default_str();
  topics->callback([data, directory, kafka, counts, create, &code] {
    if (create->parsed()) {
      code = app::topics_create(*kafka, counts->first, counts->second);
      return;
    }
    if (directory->count() == 0) throw CLI::RequiredError("--data");
    code = app::topics(*data);
  });
}

void add_rules(CLI::App& cli, int& code) {
  CLI::App* rules = cli.add_subcommand("rules", "Check, test, explain and activate rule packs");
  rules->require_subcommand(1);
  auto packs = std::make_shared<std::vector<std::string>>();
  CLI::App* check = rules->add_subcommand("check", "Read packs and say what is wrong, and where");
  check->add_option("pack", *packs, "YAML files")->required();
  check->callback([packs, &code] { code = app::rules_check(*packs); });
  CLI::App* test = rules->add_subcommand("test", "Run the tests that stand in the packs");
  test->add_option("pack", *packs, "YAML files")->required();
  test->callback([packs, &code] { code = app::rules_test(*packs); });
  rules->add_subcommand("eval", "Evaluate expressions: JSON lines in, JSON lines out")
      ->callback([&code] { code = app::rules_eval(); });

  auto data = std::make_shared<std::string>();
  auto name = std::make_shared<std::string>();
  CLI::App* explain = rules->add_subcommand(
      "explain", "Why a warning fired, and its priority; or what became of an event, and why");
  explain->add_option("id", *name, "of the warning or event")->required();
  explain->add_option("--data", *data, "data directory")->required();
  explain->callback([name, data, &code] { code = app::rules_explain(*name, *data); });
  auto wanted = std::make_shared<app::ActivateOptions>();
  CLI::App* activate = rules->add_subcommand("activate", "Make a pack active from now on");
  activate->add_option("pack", wanted->pack,
                       "YAML file; on Kafka without: all of the city's files that differ");
  CLI::Option* directory = activate->add_option("--data", wanted->data, "data directory");
  activate->add_option("--city", wanted->city, "directory of the city's rules and lists");
  add_kafka_options(*activate, wanted->kafka);
  activate->get_option("--brokers")->excludes(directory);
  activate->callback([wanted, &code] { code = app::rules_activate(*wanted); });
}

void add_describe(CLI::App& cli, int& code) {
  auto how = std::make_shared<app::DescribeOptions>();
  CLI::App* command = cli.add_subcommand("describe", "Print the topology of a city, or its topics");
  CLI::Option* mermaid = command->add_flag("--mermaid", how->mermaid, "as a mermaid flowchart");
  command->add_flag("--asyncapi", how->asyncapi, "its topics and events (AsyncAPI, JSON Schema)")
      ->excludes(mermaid);
  command->add_flag("--steps", how->steps, "what people may say, when and by whom (markdown)")
      ->excludes(mermaid);
  command->callback([how, &code] { code = app::describe(*how); });
}

void add_dead_letters(CLI::App& cli, int& code) {
  CLI::App* command = cli.add_subcommand("dead-letters", "What could not be read or processed");
  command->require_subcommand(1);
  auto data = std::make_shared<std::string>();
  CLI::App* list = command->add_subcommand("list", "Each with origin, reason and bytes");
  list->add_option("--data", *data, "data directory")->required();
  list->callback([data, &code] { code = app::dead_letters_list(*data); });
  CLI::App* retry = command->add_subcommand("retry", "Put them through their doors again");
  retry->add_option("--data", *data, "data directory")->required();
  auto again = std::make_shared<bool>(false);
  retry->add_flag("--again", *again, "also those that were retried before");
  retry->callback([data, again, &code] { code = app::dead_letters_retry(*data, *again); });
}

void add_entity(CLI::App& cli, int& code) {
  CLI::App* command = cli.add_subcommand("entity", "What broke an invariant and was set aside");
  command->require_subcommand(1);
  auto data = std::make_shared<std::string>();
  CLI::App* list = command->add_subcommand("list", "Each with since when and why");
  list->add_option("--data", *data, "data directory")->required();
  list->callback([data, &code] { code = app::entity_list(*data); });
  CLI::App* restore = command->add_subcommand("restore", "Lets one go on once its cause is mended");
  auto entity = std::make_shared<std::string>();
  restore->add_option("ENTITY", *entity, "as in elevator/31010500012345")->required();
  restore->add_option("--data", *data, "data directory; on Kafka give --brokers instead");
  auto kafka = std::make_shared<app::KafkaOptions>();
  add_kafka_options(*restore, *kafka);
  restore->callback([data, entity, kafka, &code] {
    if (data->empty() && kafka->brokers.empty()) throw CLI::RequiredError("--data");
    code = kafka->brokers.empty() ? app::entity_restore(*data, *entity)
                                  : app::entity_restore_on_kafka(*kafka, *entity);
  });
}

void add_repair(CLI::App& cli, int& code) {
  CLI::App* command = cli.add_subcommand(
      "repair", "Keep what lies before a damage of the log, and say what is lost");
  auto data = std::make_shared<std::string>();
  command->add_option("--data", *data, "data directory")->required();
  command->callback([data, &code] { code = app::repair(*data); });
}

void add_engine_options(CLI::App& command, app::RunOptions& options, bool data_required) {
  auto* data = command.add_option("--data", options.data, "data directory");
  if (data_required) data->required();
  command.add_option("--city", options.city, "directory of the city's rules and duty list");
  command.add_option("--http", options.http, "HOST:PORT of the page, the doors and /metrics");
  command.add_option("--threads", options.threads, "worker threads")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command.add_option("--partitions", options.partitions, "of a new data directory; 4")
      ->check(CLI::Range(1, 1024));
  command.add_option("--commit-ms", options.commit_ms, "commit interval")
      ->check(CLI::Range(1, 60'000))
      ->capture_default_str();
  command.add_option("--memory", options.memory, "bound of all memory")->capture_default_str();
  command.add_option("--token-file", options.token_file,
                     "file with the token that clients must send; without it only 127.0.0.1");
  command.add_option("--tokens", options.tokens,
                     "tokens.yaml: who may send and read what; read again when it changes");
  command
      .add_option("--complainant-key-file", options.complainant_key_file,
                  "file with the key under which complainants are known, the same for all "
                  "processes of a city; else DATA/complainant.key, made once")
      ->envname("WATCHFIRE_COMPLAINANT_KEY_FILE");
  command.add_option("--trusted-proxy", options.trusted_proxies,
                     "address of a proxy in front: its X-Forwarded-For or Forwarded says who asks");
  command.add_option(
      "--photos", options.photos,
      "directory of the field's pictures, the same for all processes of a city; else "
      "DATA/photos");
  command
      .add_option(
          "--link-secret-file", options.link_secret_file,
          "file with the secret that signs the phones' links, the same for all processes of "
          "a city; else DATA/link.secret, made once")
      ->envname("WATCHFIRE_LINK_SECRET_FILE");
}

void add_run(CLI::App& cli, int& code) {
  auto options = std::make_shared<app::RunOptions>();
  CLI::App* command = cli.add_subcommand("run", "Run the city, embedded or on Kafka");
  add_engine_options(*command, *options, true);
  command
      ->add_option("--backlog-ms", options->backlog_ms,
                   "the HTTP door answers 429 while the engine has more work before it than this; "
                   "life, complaints and feedback pass")
      ->check(CLI::Range(50, 60'000))
      ->capture_default_str();
  command->add_flag("--accept-clock", options->accept_clock,
                    "start although the machine's clock is behind the city's last tick, or more "
                    "than 7 days ahead of it");
  command->add_flag("--until-end", options->until_end,
                    "process what is there, to the last record and letter, and end");
  add_kafka_options(*command, options->kafka);
  command->add_option("--app", options->kafka.app, "Kafka: the group that shares the city")
      ->capture_default_str();
  command
      ->add_option("--instance", options->kafka.instance,
                   "Kafka: place of this process in the group; keep it over restarts")
      ->capture_default_str();
  command
      ->add_option("--session-ms", options->kafka.session_ms,
                   "Kafka: silent for longer, others take over")
      ->check(CLI::Range(1'000, 1'800'000))
      ->capture_default_str();
  command->add_flag("--only-vouched", options->kafka.only_vouched,
                    "Kafka: an officer's step on a topic counts only with 'vouchedunits'");
  command->callback([options, &code] { code = app::run(*options); });
}

void add_clock(CLI::App& cli, int& code) {
  CLI::App* command = cli.add_subcommand("clock", "The machine's clock, and the city's time");
  command->require_subcommand(1);
  auto data = std::make_shared<std::string>();
  CLI::App* accept = command->add_subcommand(
      "accept", "The machine's clock is right: a running city takes its time from it again");
  accept->add_option("--data", *data, "data directory of the process, also of one on Kafka")
      ->required();
  accept->callback([data, &code] { code = app::clock_accept(*data); });
}

void add_simulate(CLI::App& cli, int& code) {
  auto options = std::make_shared<app::SimulateOptions>();
  CLI::App* command = cli.add_subcommand("simulate", "Play a seeded city with its crews");
  add_engine_options(*command, options->engine, false);
  command->add_option("--seed", options->seed, "same seed, same bytes")->capture_default_str();
  command->add_option("--hours", options->hours, "of city time")->capture_default_str();
  command->add_option("--start", options->start, "RFC 3339; the city's clock begins there");
  command->add_option("--speed", options->speed, "city seconds per second; 0: as fast as it can");
  const auto count = CLI::Range(0, 1'000'000);
  command->add_option("--elevators", options->elevators, "how many")
      ->check(count)
      ->capture_default_str();
  command->add_option("--kitchens", options->kitchens, "how many; else 3 for 10 elevators")
      ->check(count);
  command
      ->add_option("--street-cameras", options->street_cameras,
                   "how many, with the shops in front of them; else 29 for 100 elevators")
      ->check(count);
  command
      ->add_option("--calls", options->calls,
                   "a day, without those of the trapped; else 72 for 1,000 elevators")
      ->check(count);
  command->add_option("--out", options->out, "write the door records here instead");
  auto feedback = std::make_shared<std::string>("crews");
  command->add_option("--feedback", *feedback, "crews, or none: nobody answers")
      ->check(CLI::IsMember({"crews", "none"}))
      ->capture_default_str();
  command->callback([options, feedback, &code] {
    options->feedback = *feedback == "crews";
    code = app::simulate(*options);
  });
}

void add_token(CLI::App& cli, int& code) {
  CLI::App* token = cli.add_subcommand("token", "Secrets for programs that send and read");
  token->require_subcommand(1);
  auto options = std::make_shared<app::TokenOptions>();
  CLI::App* made = token->add_subcommand(
      "new", "Print a new secret, once, and the entry for tokens.yaml that knows its hash");
  made->add_option("--name", options->name, "of the program")->required();
  const auto list = [made](const char* name, std::vector<std::string>& into, const char* what) {
    made->add_option(name, into, what)->delimiter(',');
  };
  list("--routes", options->routes, "paths, such as /v1/events; a '*' at the end: what begins so");
  list("--types", options->types, "of events that it sends");
  list("--subjects", options->subjects, "about which, such as elevator/*");
  list("--by", options->by, "kinds of sender for which it speaks: unit, officer, seat, …");
  list("--units", options->units, "as which it speaks, and for whose officers it vouches");
  made->add_option("--district", options->district, "events that name another one are refused");
  made->add_option("--role", options->role, "engineer: reads dead letters as they came");
  made->add_option("--not-after", options->not_after, "RFC 3339: when it ends");
  made->callback([options, &code] { code = app::token_new(*options); });
}

void add_replay(CLI::App& cli, int& code) {
  auto options = std::make_shared<app::ReplayOptions>();
  CLI::App* command =
      cli.add_subcommand("replay", "Put files through the doors and run to the end");
  command
      ->add_option("file", options->files,
                   "NDJSON of CloudEvents, or CSV by the city's adapter; .gz too")
      ->required();
  add_engine_options(*command, options->engine, true);
  command->add_option("--speed", options->speed, "city seconds per second; 0: as fast as it can");
  command->add_flag("--load-only", options->load_only, "append to the doors and end");
  command->callback([options, &code] { code = app::replay(*options); });
}

}  // namespace

int main(int argc, char** argv) {
  ::umask(077);  // what a city keeps is nobody else's to read
  CLI::App cli{"Watchfire: a city's event streams become prioritized warnings and dispatch orders"};
  cli.require_subcommand(1);
  int code = 0;
  add_run(cli, code);
  add_clock(cli, code);
  add_simulate(cli, code);
  add_replay(cli, code);
  add_tail(cli, code);
  add_rules(cli, code);
  add_describe(cli, code);
  add_dead_letters(cli, code);
  add_token(cli, code);
  add_entity(cli, code);
  add_repair(cli, code);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& e) {  // CLI11 reports this way only
    return cli.exit(e) == 0 ? 0 : 2;
  }
  return code;
}
