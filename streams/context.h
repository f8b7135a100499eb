#pragma once

// Context: the record in hand, as every operator of a task sees it: which entity, when, because of
// what. The task sets it before each call. Binding: how one operator's members find their cells in
// it. One task's thread.

#include <optional>
#include <string_view>

#include "streams/entity_table.h"
#include "streams/event.h"

namespace streams {

struct Context {
  EntityTable* table = nullptr;
  Entity* entity = nullptr;   // none while a version record is in hand
  Time time{};                // of the cause: the event's time, or the timer's due time
  Time clock{};               // the last tick
  Time recorded{};            // when the record reached its door; a timer: its due time
  std::string_view cause_id;  // the event or letter in hand; a timer has none of its own
  std::string_view cause_source;
  std::string_view vouched;  // Event::vouched
  bool exercise = false;
  std::string_view via;       // the entities that the letter in hand came through
  int letters_sent = 0;       // while this record was in hand: makes letter ids distinct
  mutable int things_said = 0;  // likewise what operators name, such as notices

  /// A number that no other thing said because of the record in hand has.
  int next_ordinal() const { return things_said++; }
};

class Binding {
 public:
  explicit Binding(const Context* context, int first_cell, int first_timer)
      : context_(context), first_cell_(first_cell), first_timer_(first_timer) {}
  Binding() = default;

  const void* cell(int index) const {
    return context_->entity->cells[static_cast<std::size_t>(first_cell_ + index)];
  }
  void* edit(int index) const {
    Entity& entity = *context_->entity;
    context_->table->touch(entity);
    const auto at = static_cast<std::size_t>(first_cell_ + index);
    if (entity.cells[at] == nullptr) entity.cells[at] = entity.layout.cells[at].create();
    return entity.cells[at];
  }
  void clear(int index) const {
    Entity& entity = *context_->entity;
    const auto at = static_cast<std::size_t>(first_cell_ + index);
    if (entity.cells[at] == nullptr) return;
    context_->table->touch(entity);
    entity.layout.cells[at].destroy(std::exchange(entity.cells[at], nullptr));
  }
  void set_timer(int index, Time at) const {
    context_->table->set_timer(*context_->entity, first_timer_ + index, at);
  }
  void cancel_timer(int index) const {
    Entity& entity = *context_->entity;
    if (entity.cancel_timer(first_timer_ + index)) context_->table->touch(entity);
  }
  std::optional<Time> timer(int index) const {
    const Time* at = context_->entity->timer(first_timer_ + index);
    return at == nullptr ? std::nullopt : std::optional{*at};
  }

 private:
  const Context* context_ = nullptr;
  int first_cell_ = 0;
  int first_timer_ = 0;
};

}  // namespace streams
