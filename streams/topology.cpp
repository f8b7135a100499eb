#include "streams/topology.h"

namespace streams {

std::size_t Topology::add(Kind kind, std::string name, std::vector<std::size_t> inputs,
                          std::function<OutletBase*(Graph&)> build) {
  for (const Node& node : nodes_) CHECK(kind != Kind::op || node.kind != kind || node.name != name);
  nodes_.push_back({kind, std::move(name), std::move(inputs), std::move(build)});
  return nodes_.size() - 1;
}

Stream<Event> Topology::events(const std::vector<std::string>& types) {
  std::string name;
  for (const std::string& type : types) name += (name.empty() ? "" : ", ") + type;
  const std::size_t node = add(Kind::source, name, {}, [types](Graph& graph) {
    Outlet<Event>& outlet = graph.keep(std::make_unique<Outlet<Event>>());
    for (const std::string& type : types)
      graph.route(type,
                  [&graph, &outlet](const Event& event) { outlet.push(event, graph.context); });
    return &outlet;
  });
  return {this, node};
}

Stream<Version> Topology::versions(CheckVersion unreadable) {
  const auto build = [unreadable](Graph& graph) {
    if (unreadable != nullptr)
      graph.check(std::string{kVersionType}, [&graph, unreadable](const Event& event) {
        Version version;
        std::string where;
        std::optional<std::string> why;
        if (read_json(graph.decoder->read(event.data), version, where)) why = unreadable(version);
        return why ? std::optional{Reject{*why}} : std::nullopt;
      });
    Outlet<Version>& outlet = graph.keep(std::make_unique<Outlet<Version>>());
    graph.route_versions(&outlet);
    return static_cast<OutletBase*>(&outlet);
  };
  const std::size_t node = add(Kind::source, std::string{kVersionType}, {}, build);
  return {this, node};
}

Stream<AsideNews> Topology::set_asides() {
  const std::size_t node = add(Kind::source, std::string{kRestoreType}, {}, [](Graph& graph) {
    Outlet<AsideNews>& outlet = graph.keep(std::make_unique<Outlet<AsideNews>>());
    graph.route_asides(&outlet);
    return &outlet;
  });
  return {this, node};
}

std::unique_ptr<Graph> Topology::instantiate(const std::string& city, int partition) const {
  auto graph = std::make_unique<Graph>(city, partition);
  for (const Node& node : nodes_) graph->nodes.push_back(node.build(*graph));
  return graph;
}

std::vector<std::string> Topology::topics() const {
  std::vector<std::string> topics;
  for (const Node& node : nodes_)
    if (node.kind == Kind::sink) topics.push_back(node.name);
  return topics;
}

std::string Topology::describe(bool mermaid) const {
  std::string out = mermaid ? "flowchart LR\n" : name_ + "\n";
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    const std::string number = "n" + std::to_string(i);
    if (mermaid) {
      const bool round = node.kind == Kind::op || node.kind == Kind::side;
      out += "  " + number + (round ? "(\"" : "[[\"") + node.name + (round ? "\")\n" : "\"]]\n");
      for (const std::size_t input : node.inputs)
        out += "  n" + std::to_string(input) + " --> " + number + "\n";
      continue;
    }
    constexpr std::string_view kKinds[] = {"source", "operator", "side", "sink"};
    out += "  " + std::string{kKinds[static_cast<std::size_t>(node.kind)]} + " " + node.name;
    for (std::size_t k = 0; k < node.inputs.size(); ++k)
      out += (k == 0 ? " <- " : ", ") + nodes_[node.inputs[k]].name;
    out += "\n";
  }
  return out;
}

}  // namespace streams
