// What the page knows: the newest record of every warning, order, receipt and matter, facts of entities, health. Views
// read it; whoever changes it calls `changed`. A story is one row: its leading warning is the most urgent
// open one.

import { nameOf, word } from './catalogue.js';
import { now } from './time.js';

const kOpen = new Set(['raised', 'screening', 'confirmed', 'dispatched']);
const kOrderClosed = new Set(['closed', 'recalled']);
const kUnanswered = new Set(['received', 'assigned', 'contacted', 'handled', 'redo']);
const kMatterClosed = new Set(['closed', 'exempted']);
const kKeptClosed = 400;

export const model = {
  warnings: new Map(),
  orders: new Map(),
  complaints: new Map(),
  matters: new Map(),
  entities: new Map(),
  health: null,
  counts: null,
  streamId: null,
  connected: false,
  lastWord: 0,
  sending: new Map(),  // warning or order id -> what is being sent
};

const listeners = new Set();
export const onChange = (listener) => listeners.add(listener);
export const changed = (what, id) => { for (const listener of listeners) listener(what, id); };

const ordersBy = new Map();  // warning id or story -> ids of orders
function indexOrder(order) {
  for (const key of [...(order.warnings ?? []), order.story].filter(Boolean)) {
    if (!ordersBy.has(key)) ordersBy.set(key, new Set());
    ordersBy.get(key).add(order.id);
  }
}

const kKeptEffects = 100;
const causes = new Map();   // id of a feedback -> who waits for its effect
const effects = new Map();  // the last effects: one may come before the answer to its POST
export function waitForCause(id, resolve) {
  if (effects.has(id)) resolve(effects.get(id));
  else causes.set(id, resolve);
}
function settle(event, kind) {
  if (!event.causationid) return;
  const effect = kind === 'rejected' ? { refused: event.data.reason } : {};
  effects.set(event.causationid, effect);
  if (effects.size > kKeptEffects) effects.delete(effects.keys().next().value);
  causes.get(event.causationid)?.(effect);
  causes.delete(event.causationid);
}

/// Told by the doors ahead of the engine, which has not confirmed it yet.
export const isNotice = (warning) => warning?.revision === 0;
export const isOpen = (warning) => kOpen.has(warning.state);
export const isOrderOpen = (order) => !kOrderClosed.has(order.state);
/// A receipt's own clock, whatever its order's: first the call to the complainant, then the reply.
export function receiptDeadline(receipt) {
  if (!isUnanswered(receipt)) return null;
  const calls = !receipt.contacted && receipt.state === 'assigned' && receipt.contactBy;
  const at = calls ? receipt.contactBy : receipt.replyBy;
  return at ? { kind: calls ? 'contact' : 'answer', at: Date.parse(at) } : null;
}
export const isUnanswered = (receipt) => kUnanswered.has(receipt.state);
export const isMatterOpen = (matter) => !kMatterClosed.has(matter.state);

function take(map, event) {
  const known = map.get(event.data.id);
  if (known && known.revision > event.data.revision) return false;
  map.set(event.data.id, { ...event.data, exercise: event.exercise === true || event.exercise === 'true', at: event.time });
  return true;
}
function forgetClosed(map, open, newest) {
  if (open(newest)) return;
  const closed = [...map.values()].filter((item) => !open(item));
  if (closed.length <= kKeptClosed) return;
  closed.sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const item of closed.slice(0, closed.length - kKeptClosed)) {
    if (map === model.warnings) unindex(item.id);
    map.delete(item.id);
  }
}

/// A row that made way for a more urgent one: the board counts it, and sends it again when there is room.
function hide(id) {
  if (model.warnings.has(id)) unindex(id);
  for (const map of [model.warnings, model.orders, model.complaints, model.matters]) map.delete(id);
}

export function apply(kind, event, id) {
  if (id) model.streamId = id;
  if (kind === 'warning') {
    unindex(event.data.id);  // what was told ahead may join another story
    if (take(model.warnings, event)) forgetClosed(model.warnings, isOpen, event.data);
    if (model.warnings.has(event.data.id)) reindex(model.warnings.get(event.data.id));
  }
  if (kind === 'void' && isNotice(model.warnings.get(event.data.id))) {
    unindex(event.data.id);
    model.warnings.delete(event.data.id);
  }
  if (kind === 'hide') hide(event.data.id);
  if (kind === 'order' && take(model.orders, event)) {
    indexOrder(event.data);
    forgetClosed(model.orders, isOrderOpen, event.data);
  }
  if (kind === 'complaint' && take(model.complaints, event)) forgetClosed(model.complaints, isUnanswered, event.data);
  if (kind === 'matter' && take(model.matters, event)) forgetClosed(model.matters, isMatterOpen, event.data);
  if (kind === 'status') model.entities.set(event.subject, event.data);
  settle(event, kind);
  changed(kind, event.data.id);
}

export function replaceAll(board) {
  model.warnings.clear();
  model.orders.clear();
  model.complaints.clear();
  model.matters.clear();
  model.entities.clear();
  stories.clear();
  children.clear();
  for (const event of board.entities) model.entities.set(event.subject, event.data);
  for (const event of [...board.closedWarnings, ...board.warnings]) {
    take(model.warnings, event);
    reindex(model.warnings.get(event.data.id));
  }
  ordersBy.clear();
  for (const event of [...board.closedOrders, ...board.orders]) if (take(model.orders, event)) indexOrder(event.data);
  for (const event of [...board.closedComplaints, ...board.complaints]) take(model.complaints, event);
  for (const event of [...board.closedMatters, ...board.matters]) take(model.matters, event);
  model.health = board.health;
  model.counts = board.counts;
  model.streamId = board.id;
  changed('all');
}

// ---- stories --------------------------------------------------------------------------------------

const stories = new Map();   // story -> ids of its warnings
const children = new Map();  // warning -> ids of those that wait for its end
function reindex(warning) {
  const story = warning.story || warning.id;
  if (!stories.has(story)) stories.set(story, new Set());
  stories.get(story).add(warning.id);
  if (!warning.parent) return;
  if (!children.has(warning.parent)) children.set(warning.parent, new Set());
  children.get(warning.parent).add(warning.id);
}

function unindex(id) {
  const known = model.warnings.get(id);
  const story = known && (known.story || known.id);
  const ids = stories.get(story);
  ids?.delete(id);
  if (ids?.size === 0) stories.delete(story);
  const waiting = children.get(known?.parent);
  waiting?.delete(id);
  if (waiting?.size === 0) children.delete(known.parent);
}

const byUrgency = (a, b) =>
  (isOpen(b) - isOpen(a)) || a.priority.localeCompare(b.priority) || a.since.localeCompare(b.since) || a.id.localeCompare(b.id);

/// The warnings of a story, the leading one first. Mostly it is one.
export function warningsOf(story) {
  const ids = stories.get(story);
  if (ids?.size === 1) return [model.warnings.get(ids.values().next().value)].filter(Boolean);
  return [...(ids ?? [])].map((id) => model.warnings.get(id)).filter(Boolean).sort(byUrgency);
}
/// What is only a consequence of `warning` and waits for its end (suppressed, reason `parent`).
export const childrenOf = (warning) =>
  [...(children.get(warning.id) ?? [])].map((id) => model.warnings.get(id)).filter(Boolean).sort(byUrgency);
/// The warning for whose end it waits.
export const parentOf = (warning) => model.warnings.get(warning.parent);
export const storyOf = (warning) => warning.story || warning.id;
export const storyNames = () => stories.keys();
export const isShelved = (warning) => warning.shelved && Date.parse(warning.shelved.until) > now();

export function ordersOf(warning) {
  const ids = new Set([...(ordersBy.get(warning.id) ?? []), ...(ordersBy.get(warning.story) ?? [])]);
  return [...ids].map((id) => model.orders.get(id)).filter(Boolean).sort((a, b) => isOrderOpen(b) - isOrderOpen(a));
}

/// Who holds it, while the claim lasts.
export const claimedBy = (warning) =>
  warning.claim && Date.parse(warning.claim.until) > now() ? warning.claim.by : null;

export const unclaimedP1 = () =>
  [...model.warnings.values()].filter((w) => w.priority === 'P1' && isOpen(w) && !claimedBy(w) && !isShelved(w));

/// Changes with everything that a row or panel about `warning` shows.
export const versionOf = (warning, more = '') => [
  warning.id, warning.revision, claimedBy(warning), isShelved(warning), model.sending.has(warning.id), model.entities.has(warning.entity),
  ...ordersOf(warning).map((order) => `${order.id}.${order.revision}.${model.sending.has(order.id)}`), more,
].join('|');

// ---- deadlines ------------------------------------------------------------------------------------

export function orderDeadlines(order) {
  if (!isOrderOpen(order) || order.pause) return [];
  const found = [];
  const add = (kind, at, who) => at && found.push({ kind, at: Date.parse(at), who });
  for (const responder of order.responders ?? []) {
    if (responder.state === 'dispatched') add('accept', responder.acceptBy, responder.unit);
    if (['accepted', 'en_route'].includes(responder.state)) add('arrive', responder.arriveBy, responder.unit);
  }
  if (!['handled', 'verified'].includes(order.state)) add('finish', order.finishBy);
  if (order.supervision && !order.supervision.answer) add('reply', order.supervision.replyBy);
  return found.sort((a, b) => a.at - b.at);
}
export function warningDeadline(warning) {
  const found = ordersOf(warning).flatMap(orderDeadlines);
  if (warning.state === 'screening' && warning.screening) found.push({ kind: 'screen', at: Date.parse(warning.screening.deadline) });
  return found.sort((a, b) => a.at - b.at)[0] ?? null;
}

/// A matter's state; of one with an objection that in which it came, beside which it stands.
export const standingOf = (matter) => (matter.state !== 'objection' ? matter.state
  : matter.filing ? 'case_filed' : matter.correction ? 'corrected' : matter.omission ? 'not_corrected' : matter.notified ? 'notified' : 'opened');

/// The deadline of a matter that runs: to correct it, to decide, to serve the decision.
export function matterDeadline(matter) {
  const named = { opened: ['correct', matter.correctBy], notified: ['correct', matter.correctBy], case_filed: ['decide', matter.decideBy], decided: ['serve', matter.serveBy] };
  const [kind, at] = named[standingOf(matter)] ?? [];
  return at ? { kind, at: Date.parse(at) } : null;
}

// ---- words ----------------------------------------------------------------------------------------

const kPriorityReasons = ['consequence', 'urgency', 'exposure', 'risk', 'trust', 'priority'];
const kStateReasons = ['state', 'permitted', 'offsite_cleared', 'duplicate', 'self_corrected', 'false_alarm', 'parent', 'flapping', 'screening'];

/// Reasons by the question that they answer: the part of the code before the dot says which.
export function reasonsOf(warning) {
  const sorted = { fired: [], priority: [], state: [] };
  for (const reason of warning.reasons ?? []) {
    const head = reason.code.split('.')[0];
    if (kPriorityReasons.includes(head)) sorted.priority.push(reason);
    else if (kStateReasons.includes(head)) sorted.state.push(reason);
    else sorted.fired.push(reason);
  }
  return sorted;
}

const factsOf = (entity) => model.entities.get(entity)?.registration ?? {};
export { factsOf };
export const placeName = (entity) => factsOf(entity).name || `${word('kind', entity.split('/')[0])} ${entity.split('/').slice(1).join('/')}`;

/// "seat/3" as people say it.
export function person(by) {
  if (!by) return '';
  if (by === 'rule') return word('by', 'rule');
  const name = nameOf(by);
  if (name) return name;
  const [kind, ...rest] = by.split('/');
  return kind === 'seat' ? word('by', 'seat').replace('{id}', rest.join('/')) : rest.join('/') || by;
}
