// What a seat does: asks what has to be asked, sends it as feedback, and tells what became of it. The
// effect shows only when the engine's record comes back; nothing is pretended before.

import { act, makeLink, postEvent } from './api.js';
import { said, saying, t } from './catalogue.js';
import { askAnswer, askCall, askDismiss, askEntity, askIncident, askRecall, askReopen, askSeat, askShelve, askStep, askSure, choose, showLink } from './dialogs.js';
import { contacts, detailTarget, nextContact } from './detail.js';
import { h } from './dom.js';
import { changed, isNotice, isOpen, isOrderOpen, isShelved, model, waitForCause } from './model.js';
import { preferences } from './preferences.js';
import { titleOf } from './rows.js';
import { isEnd, isLegal, legalSteps, stepTitle } from './steps.js';
import { toast } from './toasts.js';
import { now } from './time.js';

const kUndoSeconds = 10;
const kEffectMs = 10_000;

export async function needSeat(again = false) {
  if (preferences.seat && !again) return true;
  const answer = await askSeat(preferences.seat);
  if (!answer) return false;
  preferences.seat = `seat/${answer.seat.trim()}`;
  changed('seat');
  return true;
}

const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

async function send(what, item, data) {
  if (!(await needSeat())) return;
  const key = newKey();
  const mark = item.exercise ? { exercise: true } : {};  // of a drill only a drill's word counts
  await deliver(what, item.id, async () => (await act(item.entity, { ...data, ...mark }, key)).id);
}

/// `post` gives the id of the event whose effect is waited for.
async function deliver(what, itemId, post) {
  model.sending.set(itemId, what);
  changed('sending', itemId);
  try {
    const id = await post();
    const effect = await new Promise((resolve) => {
      waitForCause(id, resolve);
      setTimeout(() => resolve({ slow: true }), kEffectMs);
    });
    if (effect.refused) toast(t('toast.refused', { what, reason: said(effect.refused) }), { kind: 'bad' });
    else toast(t(effect.slow ? 'toast.slow' : 'toast.sent', { what }));
  } catch (error) {
    toast(t('toast.failed', { what, reason: error.message }), { kind: 'bad' });
  } finally {
    model.sending.delete(itemId);
    changed('sending', itemId);
  }
}

const refuse = () => toast(t('toast.notfor'));
function warningInHand(step) {
  const warning = detailTarget()?.warning;
  const newest = warning && model.warnings.get(warning.id);
  if (!newest) { toast(t('toast.none')); return null; }
  if (isNotice(newest)) { toast(t('toast.notice')); return null; }
  if (!isLegal('warning', newest, step)) { refuse(); return null; }
  return newest;
}
/// Of a P1 that ends here: once more.
const isMeant = async (item, step) => item.priority !== 'P1' || !isEnd(step) || (await askSure(titleOf(item), step)) !== null;


const doing = (name, item) => `${t(`do.${name}`)} ${titleOf(item)}`;

export async function claim() {
  const w = warningInHand('claim');
  if (w) await send(doing('claim', w), w, { step: 'claim', warning: w.id });
}
export async function release() {
  const w = warningInHand('release');
  if (w) await send(doing('release', w), w, { step: 'release', warning: w.id });
}
export async function confirm() {
  const w = warningInHand('confirm');
  if (w) await send(doing('confirm', w), w, { step: 'confirm', warning: w.id });
}

// ---- dismiss, with a time to think again ----------------------------------------------------------

let held = null;

export async function dismiss() {
  const w = warningInHand('dismiss');
  if (!w || !(await needSeat())) return;
  const answer = await askDismiss(titleOf(w));
  if (!answer || !(await isMeant(w, 'dismiss'))) return;
  held?.sendNow();
  let left = kUndoSeconds;
  const what = doing('dismiss', w);
  const words = () => t('toast.undo', { what, n: left });
  const shown = toast(words(), { stays: true, action: h('button', { type: 'button', onclick: () => undo() }, t('do.undo'), h('kbd', {}, 'u')) });
  const end = () => { clearInterval(timer); shown.remove(); held = null; };
  const sendNow = () => { end(); send(what, w, { step: 'dismiss', warning: w.id, reason: answer.reason.trim() }); };
  const timer = setInterval(() => { left -= 1; if (left > 0) shown.say(words()); else sendNow(); }, 1000);
  held = { sendNow, drop: end };
}
export function undo() {
  if (!held) return;
  held.drop();
  toast(t('toast.undone'));
}
addEventListener('pagehide', () => held?.sendNow());

export async function shelve() {
  const shelved = detailTarget()?.warning && isShelved(detailTarget().warning);
  const w = warningInHand(shelved ? 'unshelve' : 'shelve');
  if (!w || !(await needSeat())) return;
  if (isShelved(w)) { await send(doing('unshelve', w), w, { step: 'unshelve', warning: w.id }); return; }
  const answer = await askShelve(titleOf(w));
  if (!answer) return;
  const until = new Date(now() + Number(answer.minutes) * 60_000).toISOString();
  await send(doing('shelve', w), w, { step: 'shelve', warning: w.id, until, reason: answer.reason.trim() });
}

export async function reopen() {
  const w = warningInHand('reopen');
  if (!w || !(await needSeat())) return;
  const answer = await askReopen(titleOf(w));
  if (answer) await send(doing('reopen', w), w, { step: 'reopen', warning: w.id, reason: answer.reason.trim() });
}

export async function recall() {
  const order = model.orders.get(detailTarget()?.order?.id);
  if (!order || !isLegal('order', order, 'recall')) { refuse(); return; }
  if (!(await needSeat())) return;
  const answer = await askRecall(titleOf(order));
  if (answer && (await isMeant(order, 'recall'))) await send(doing('recall', order), order, { step: 'recall', order: order.id, reason: answer.reason.trim() });
}

// ---- receipts -------------------------------------------------------------------------------------

const numberOf = (receipt) => receipt.receipt.split('/').slice(1).join('/');
const stepOf = (receipt, step, data) => send(`${t(`do.${step}`)} ${numberOf(receipt)}`, { id: receipt.id, entity: receipt.receipt, exercise: receipt.exercise }, data);
function receiptInHand(step) {
  const receipt = model.complaints.get(detailTarget()?.receipt?.id);
  if (!receipt || !isLegal('complaint', receipt, step)) { refuse(); return null; }
  return receipt;
}

/// `entity`: one of the candidates; else it is asked for.
export async function resolve(entity = null) {
  const receipt = receiptInHand('resolve_entity');
  if (!receipt || !(await needSeat())) return;
  const answer = entity ? { entity } : await askEntity(numberOf(receipt));
  if (answer) await stepOf(receipt, 'resolve', { step: 'resolve_entity', complaint: receipt.id, entity: answer.entity.trim() });
}
export async function answer() {
  const receipt = receiptInHand('finding');
  if (!receipt || !(await needSeat())) return;
  const given = await askAnswer(numberOf(receipt));
  if (given) await stepOf(receipt, 'answer', { step: 'finding', complaint: receipt.id, finding: 'no_violation', action: 'answered', text: given.text.trim() });
}

// ---- whatever else the table allows ---------------------------------------------------------------

const kNewest = { warning: 'warnings', order: 'orders', complaint: 'complaints', matter: 'matters' };
const titleFor = { complaint: numberOf };
const subjectOf = { complaint: (receipt) => receipt.receipt, matter: (matter) => matter.party };
// Those with a key and a question of their own.
const own = {
  warning: { claim, release, confirm, dismiss, shelve, unshelve: shelve, reopen, call_logged: () => call() },
  order: { recall, call_logged: () => call(), link_given: () => link() },
  complaint: { resolve_entity: () => resolve(), finding: () => answer() },
};

function unitsKnown() {
  const units = new Set();
  for (const order of model.orders.values()) for (const responder of order.responders ?? []) units.add(responder.unit);
  return [...units].sort().slice(0, 200);
}

/// What is read before an objection is decided over: whoever decides has to answer it.
const unanswered = (matter) => (matter.objections ?? []).filter((one) => !one.answeredBy)
  .map((one) => h('p', { class: 'caution' }, saying(t('matter.objections'), one.text)));

export async function takeStep(of, known, rule) {
  if (own[of]?.[rule.step]) { await own[of][rule.step](); return; }
  const item = model[kNewest[of]].get(known.id) ?? known;
  if (!isLegal(of, item, rule.step)) { refuse(); return; }
  if (!(await needSeat())) return;
  const name = (titleFor[of] ?? titleOf)(item);
  const what = `${stepTitle(rule)} ${name}`;
  const data = await askStep(t('ask.step', { step: stepTitle(rule), title: name }), rule, unitsKnown(), of === 'matter' && rule.step !== 'objection' ? unanswered(item) : null);
  if (!data || !(await isMeant(item, rule.step))) return;
  await send(what, { id: item.id, entity: subjectOf[of]?.(item) ?? item.entity, exercise: item.exercise }, { step: rule.step, [of]: item.id, ...data });
}

/// Every step that is legal now for what is in hand.
export async function chooseStep() {
  const target = detailTarget() ?? {};
  const offered = [['warning', target.warning], ['order', target.order], ['complaint', target.receipt], ['matter', target.matter]]
    .filter(([, item]) => item).flatMap(([of, item]) => legalSteps(of, model[kNewest[of]].get(item.id) ?? item).map((rule) => ({ of, item, rule })));
  if (offered.length === 0) { toast(t(Object.values(target).some(Boolean) ? 'toast.nosteps' : 'toast.none')); return; }
  const chosen = await choose(t('ask.steps'), offered.map(({ of, rule }) => `${t(`of.${of}`)} · ${stepTitle(rule)}`));
  if (chosen !== null) await takeStep(offered[chosen].of, offered[chosen].item, offered[chosen].rule);
}

// ---- an incident that was told to the seat ----------------------------------------------------------

/// An ordinary complaint, through the door that every hotline uses; its channel is the seat.
export async function incident() {
  if (!(await needSeat())) return;
  const given = await askIncident();
  if (!given) return;
  const place = given.place.trim();
  const named = /^[\w./-]+$/.test(place);  // an id or a code; else an address
  const seat = preferences.seat.replace('/', '-');
  const number = `${seat}-${new Date(now()).toISOString().replace(/\D/g, '').slice(0, 17)}`;
  const event = {
    specversion: '1.0', id: newKey(), source: `/screen/${seat}`, type: 'city.complaint.filed.v1', subject: `complaint/${number}`,
    time: new Date(now()).toISOString(), datacontenttype: 'application/json',
    data: { channel: 'seat', kind: given.kind, category: given.category, text: given.text.trim(), address: named ? '' : place,
      about: named ? place : null, originalNo: null, district: given.district.trim() },
  };
  await deliver(`${t('do.incident')} ${number}`, event.id, async () => { await postEvent(event); return event.id; });
}

/// For `responder`, else for whom to call next.
export async function link(responder = null) {
  const order = detailTarget()?.order;
  const unit = (responder ?? (order ? nextContact(order) : null))?.unit;
  if (!unit || !isOrderOpen(order)) { refuse(); return; }
  if (!(await needSeat())) return;
  try {
    showLink(unit, await makeLink(order.id, unit));
  } catch (error) {
    toast(t('toast.failed', { what: t('do.link'), reason: error.message }), { kind: 'bad' });
  }
}

export async function call(responder = null) {
  const target = detailTarget();
  if (target?.receipt) {
    const rule = legalSteps('complaint', target.receipt).find((one) => one.step === 'call_logged');
    if (rule) await takeStep('complaint', target.receipt, rule); else refuse();
    return;
  }
  const item = target?.order ?? target?.warning;
  if (!item) { toast(t('toast.none')); return; }
  if (!(await needSeat())) return;
  const list = target.order ? contacts(target.order) : [];
  const answer = await askCall(titleOf(item), list, responder ?? (target.order ? nextContact(target.order) : null));
  if (!answer) return;
  const about = target.order ? { order: target.order.id } : { warning: item.id };
  await send(doing('call', item), item, { step: 'call_logged', ...about, who: answer.who, result: answer.result, note: answer.note });
}
