#include "app/commands.h"

namespace app {

int simulate(const SimulateOptions&) {
  return report({streams::Error::Kind::usage, "simulate is not built in yet"});
}
int replay(const ReplayOptions&) {
  return report({streams::Error::Kind::usage, "replay is not built in yet"});
}

}  // namespace app
