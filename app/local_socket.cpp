#include "app/local_socket.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "app/activation.h"
#include "app/retry.h"

namespace app {

using connectors::Reply;
using connectors::Request;
using connectors::Response;
using streams::Error;
using streams::Result;
using streams::Time;

namespace {

constexpr std::size_t kMostWaiting = 16;
constexpr std::size_t kRecordsBytes = 1 << 20;  // of each partition, in one answer
/// A city whose clock stands, or is played slowly, does not keep the caller waiting.
constexpr std::chrono::seconds kLongestRetry{5};

Response text(int status, std::string body) {
  return {.status = status, .body = std::move(body), .type = "text/plain; charset=utf-8"};
}

Response answer_of(const Result<std::string>& result) {
  if (result) return text(200, *result);
  return text(result.error().kind == Error::Kind::usage ? 400 : 500, result.error().what);
}

}  // namespace

std::string set_aside_list(const Engine& engine) {
  std::string text;
  for (const streams::SetAside& mark : engine.set_aside())
    text += fmt::format("{} since {}, {} buried since\n  {}\n", mark.entity,
                        streams::format_time(mark.since), mark.buried, mark.reason);
  return text + fmt::format("{} entities are set aside\n", engine.set_aside().size());
}

LocalSocket::LocalSocket(Engine& engine, std::string city, TrustedClock& clock)
    : engine_(engine), city_(std::move(city)), clock_(clock), server_(std::nullopt) {}

Result<std::unique_ptr<LocalSocket>> LocalSocket::open(const std::string& directory, Engine& engine,
                                                       std::string city, TrustedClock& clock) {
  std::unique_ptr<LocalSocket> socket{new LocalSocket{engine, std::move(city), clock}};
  socket->add_routes();
  if (Result<void> started = socket->server_.start_in(directory); !started) return started.error();
  return socket;
}

LocalSocket::~LocalSocket() {
  std::deque<Asked> left;
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
    left.swap(asked_);
  }
  for (const Asked& one : left) one.reply(text(500, "the city is being stopped: try again"));
}

/// At once, not between two epochs: the worker may be what waits for it.
void add_clock_route(connectors::Server& server, TrustedClock& clock) {
  server.route("POST", "/clock/accept",
               [&clock](const Request&, const Reply& reply) { reply(answer_of(clock.accept())); });
}

void LocalSocket::add_routes() {
  server_.route("POST", "/rules", [this](Request request, Reply reply) {
    ask([this, body = std::move(request.body), file = std::string{request.header("x-file")}](Time)
            -> std::optional<Result<std::string>> { return activate_pack(engine_, body, file); },
        std::move(reply));
  });
  server_.route("POST", "/dead-letters", [this](Request request, Reply reply) {
    ask(retry(!request.header("x-again").empty()), std::move(reply));
  });
  add_clock_route(server_, clock_);
  server_.route("GET", "/entities", [this](Request, Reply reply) {
    ask([this](Time) -> std::optional<Result<std::string>> { return set_aside_list(engine_); },
        std::move(reply));
  });
  server_.route("POST", "/entities", [this](Request request, Reply reply) {
    ask([this, entity = std::move(request.body)](
            Time) -> std::optional<Result<std::string>> { return engine_.restore(entity); },
        std::move(reply));
  });
  server_.route("GET", "/records/",
                [this](Request request, Reply reply) { reply(records(request.tail)); });
}

void LocalSocket::ask(Job job, Reply reply) {
  {
    const std::lock_guard lock{mutex_};
    if (!ending_ && asked_.size() < kMostWaiting)
      return asked_.push_back({std::move(job), std::move(reply)});
  }
  reply(text(500, "the city is being stopped, or too much was asked of it at once: try again"));
}

LocalSocket::Job LocalSocket::retry(bool again) {
  auto running = std::make_shared<std::optional<Retry>>();
  const auto begun = std::chrono::steady_clock::now();
  return [this, running, again, begun](Time now) -> std::optional<Result<std::string>> {
    if (!*running) {
      running->emplace(engine_, city_, again);
      if (Result<void> put = (*running)->begin(now); !put) return put.error();
    }
    if (!(*running)->processed() && std::chrono::steady_clock::now() - begun < kLongestRetry)
      return std::nullopt;
    return (*running)->outcome();
  };
}

void LocalSocket::serve(Time now) {
  std::deque<Asked> work;
  {
    const std::lock_guard lock{mutex_};
    work.swap(asked_);
  }
  for (Asked& one : work) {
    if (const std::optional<Result<std::string>> result = one.job(now)) {
      one.reply(answer_of(*result));
      continue;
    }
    const std::lock_guard lock{mutex_};
    asked_.push_back(std::move(one));
  }
}

Response LocalSocket::records(const std::string& which) {
  const std::string topic = which.substr(0, which.find('/'));
  std::istringstream list{which.substr(std::min(topic.size() + 1, which.size()))};
  std::map<int, std::int64_t> next;
  char colon = 0, comma = 0;
  for (std::pair<int, std::int64_t> one; list >> one.first >> colon >> one.second; list >> comma)
    next.insert(one);
  std::vector<SocketRecord> found;
  for (const auto& known : engine_.log().topics()) {
    if (known.name != topic) continue;
    for (const auto& partition : known.partitions) {
      const streams::Partition from{topic, partition.number};
      const Result<streams::Batch> batch =
          engine_.log().fetch(from, next[partition.number], kRecordsBytes);
      if (!batch) return text(500, batch.error().what);
      for (const streams::LogRecord& record : batch->records)
        found.push_back({from, record.offset, record.recorded, std::string{record.bytes}});
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const SocketRecord& a, const SocketRecord& b) {
    return a.recorded < b.recorded;
  });
  std::string body;
  for (const SocketRecord& record : found)
    body +=
        fmt::format("{} {} {} {}\n{}", record.from.number, record.offset,
                    record.recorded.time_since_epoch().count(), record.bytes.size(), record.bytes);
  return text(200, std::move(body));
}

Result<std::vector<SocketRecord>> ask_records(
    connectors::LocalClient& client, const std::string& topic,
    const std::map<streams::Partition, std::int64_t>& next) {
  std::string path = "/records/" + topic + "/";
  for (const auto& [partition, offset] : next)
    path += fmt::format("{}{}:{}", path.back() == '/' ? "" : ",", partition.number, offset);
  Result<Response> answer = client.ask({.method = "GET", .path = path});
  if (!answer) return answer.error();
  if (answer->status != 200) return Error{Error::Kind::retry, answer->body};
  std::istringstream body{answer->body};
  std::vector<SocketRecord> records;
  SocketRecord record{.from = {topic, 0}};
  streams::Duration::rep recorded = 0;
  for (std::size_t size = 0; body >> record.from.number >> record.offset >> recorded >> size;) {
    record.recorded = Time{streams::Duration{recorded}};
    body.ignore();
    record.bytes.resize(size);
    body.read(record.bytes.data(), static_cast<std::streamsize>(size));
    records.push_back(record);
  }
  return records;
}

}  // namespace app
