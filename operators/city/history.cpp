#include "operators/city/history.h"

#include "operators/city/bounds.h"

namespace city {

void add_step(std::vector<Step>& history, int& omitted, Step step) {
  bound_texts(step);
  if (history.size() == kHistoryKept) {
    history.erase(history.begin() + 1);
    ++omitted;
  }
  history.push_back(std::move(step));
  if (history.size() <= kWholeSteps) return;
  Text& older = history[history.size() - 1 - kWholeSteps].why;
  older = {clipped(older.zh, kOlderStepBytes), clipped(older.en, kOlderStepBytes)};
}

}  // namespace city
