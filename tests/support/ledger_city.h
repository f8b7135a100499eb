#pragma once

// A city of accounts and families whose every output follows from `city.events` by laws that a few
// lines of another language can state, so that a foreign program can tell whether each input took
// effect exactly once:
//   totals    one record for each reading: how many this account has had, and their sum
//   sums      two seconds after the first reading since the last such record: the sum since then
//   letters   each reading is told to the account's family
//   families  one record for each letter: how many, their sum, and the sum of this child's
// Bugs can be planted that show only under faults. Whole numbers throughout. One task's thread.

#include <map>
#include <random>
#include <string>

#include "streams/store.h"
#include "streams/topology.h"

namespace ledger {

using namespace streams;

inline constexpr Duration kSumInterval = 2s;

struct Reading {
  std::int64_t amount = 0;
  std::string parent;
  static constexpr auto fields() {
    return std::tuple{field("amount", &Reading::amount), field("parent", &Reading::parent)};
  }
};

struct Total {
  static constexpr std::string_view kType = "ledger.total.v1";
  std::string id;
  std::int64_t revision = 0;  // readings so far
  std::int64_t total = 0;
  static constexpr auto fields() {
    return std::tuple{field("id", &Total::id), field("revision", &Total::revision),
                      field("total", &Total::total)};
  }
};

struct Sum {
  static constexpr std::string_view kType = "ledger.sum.v1";
  std::string id;
  std::int64_t revision = 0;  // sums so far
  std::int64_t readings = 0;  // since the last one
  std::int64_t sum = 0;       // of those
  static constexpr auto fields() {
    return std::tuple{field("id", &Sum::id), field("revision", &Sum::revision),
                      field("readings", &Sum::readings), field("sum", &Sum::sum)};
  }
};

struct Contribution {
  static constexpr std::string_view kLetter = "contribution";
  std::string child;
  std::int64_t revision = 0;  // of the child's total
  std::int64_t amount = 0;
  static constexpr auto fields() {
    using C = Contribution;
    return std::tuple{field("child", &C::child), field("revision", &C::revision),
                      field("amount", &C::amount)};
  }
};

struct Family {
  static constexpr std::string_view kType = "ledger.family.v1";
  std::string id;
  std::int64_t revision = 0;  // letters so far
  std::int64_t sum = 0;
  std::string child;  // of the letter in hand
  std::int64_t child_sum = 0;
  static constexpr auto fields() {
    return std::tuple{field("id", &Family::id), field("revision", &Family::revision),
                      field("sum", &Family::sum), field("child", &Family::child),
                      field("childSum", &Family::child_sum)};
  }
};

struct AccountState {
  std::int64_t readings = 0, total = 0;
  std::int64_t sums = 0, readings_since = 0, sum_since = 0;
  static constexpr auto fields() {
    using A = AccountState;
    return std::tuple{field("readings", &A::readings), field("total", &A::total),
                      field("sums", &A::sums), field("readings_since", &A::readings_since),
                      field("sum_since", &A::sum_since)};
  }
};

struct FamilyState {
  std::int64_t letters = 0, sum = 0;
  static constexpr auto fields() {
    return std::tuple{field("letters", &FamilyState::letters), field("sum", &FamilyState::sum)};
  }
};

/// `remembers`: the planted bug `memory`: a copy of the state beside the state, which no rollback
/// reaches. Right for as long as no transaction is aborted.
class Account : public Operator<Total(Reading)> {
 public:
  explicit Account(bool remembers) : remembers_(remembers) {}
  Value<AccountState> state = value<AccountState>("state");
  Timer pause = timer("pause", &Account::on_pause);
  Side<Sum> sums = side<Sum>("sums");
  Letters post = letters();

  void process(const Record<Reading>& in, Emit<Total>& out) override {
    AccountState& mine = state.edit();
    if (remembers_) mine = copies_.try_emplace(std::string{in.key()}, mine).first->second;
    ++mine.readings;
    mine.total += in.value.amount;
    ++mine.readings_since;
    mine.sum_since += in.value.amount;
    if (remembers_) copies_[std::string{in.key()}] = mine;
    if (!pause.due()) pause.set(in.time() + kSumInterval);
    out({std::string{in.key()}, mine.readings, mine.total});
    post.send(in.value.parent, Contribution{std::string{in.key()}, mine.readings, in.value.amount});
  }
  void on_pause(Emit<Total>&) {
    AccountState& mine = state.edit();
    sums({std::string{key()} + ".sum", ++mine.sums, mine.readings_since, mine.sum_since});
    mine.readings_since = mine.sum_since = 0;
    if (remembers_) copies_[std::string{key()}] = mine;
  }

 private:
  const bool remembers_;
  std::map<std::string, AccountState> copies_;
};

class Household : public Operator<Family(Contribution)> {
 public:
  Value<FamilyState> state = value<FamilyState>("state");
  Map<std::string, std::int64_t> children = map<std::string, std::int64_t>("children");

  void process(const Record<Contribution>& in, Emit<Family>& out) override {
    FamilyState& mine = state.edit();
    ++mine.letters;
    mine.sum += in.value.amount;
    std::int64_t& child = children.edit(in.value.child);
    child += in.value.amount;
    out({std::string{in.key()}, mine.letters, mine.sum, in.value.child, child});
  }
};

inline void declare(Topology& city, bool memory_bug) {
  const auto readings = city.records<Reading>("toy.reading.v1");
  const auto accounts = city.apply<Account>("account", readings, memory_bug);
  accounts.to(Topic<Total>{"totals"});
  accounts.side(&Account::sums).to(Topic<Sum>{"sums"});
  city.apply<Household>("household", city.letters<Contribution>()).to(Topic<Family>{"families"});
}

/// The planted bug `store`: says that it has written all rows and leaves out one in ten. It shows
/// when a task is restored from it.
class LosingStore : public Store {
 public:
  explicit LosingStore(Store& store) : store_(store) {}
  Result<std::optional<std::string>> get(std::string_view key) override { return store_.get(key); }
  Result<void> scan(std::string_view prefix,
                    const std::function<bool(std::string_view, std::string_view)>& visit) override {
    return store_.scan(prefix, visit);
  }
  Result<void> write(std::vector<StoreWrite> batch) override {
    std::erase_if(batch, [this](const StoreWrite&) { return dice_() % 10 == 0; });
    return store_.write(std::move(batch));
  }

 private:
  Store& store_;
  std::minstd_rand dice_{1};
};

}  // namespace ledger
