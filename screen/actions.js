// What a seat does: asks what has to be asked, sends it as feedback, and tells what became of it. The
// effect shows only when the engine's record comes back; nothing is pretended before.

import { act, makeLink } from './api.js';
import { said, t } from './catalogue.js';
import { askAnswer, askCall, askDismiss, askEntity, askRecall, askReopen, askSeat, askShelve, showLink } from './dialogs.js';
import { contacts, detailTarget, nextContact } from './detail.js';
import { h } from './dom.js';
import { changed, claimedBy, isNotice, isOpen, isOrderOpen, isShelved, isUnanswered, model, waitForCause } from './model.js';
import { preferences } from './preferences.js';
import { titleOf } from './rows.js';
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

async function send(what, item, data) {
  if (!(await needSeat())) return;
  model.sending.set(item.id, what);
  changed('sending', item.id);
  const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  try {
    const mark = item.exercise ? { exercise: true } : {};  // of a drill only a drill's word counts
    const { id } = await act(item.entity, { ...data, ...mark }, key);
    const effect = await new Promise((resolve) => {
      waitForCause(id, resolve);
      setTimeout(() => resolve({ slow: true }), kEffectMs);
    });
    if (effect.refused) toast(t('toast.refused', { what, reason: said(effect.refused) }), { kind: 'bad' });
    else toast(t(effect.slow ? 'toast.slow' : 'toast.sent', { what }));
  } catch (error) {
    toast(t('toast.failed', { what, reason: error.message }), { kind: 'bad' });
  } finally {
    model.sending.delete(item.id);
    changed('sending', item.id);
  }
}

const refuse = () => toast(t('toast.notfor'));
function warningInHand(fits = isOpen) {
  const warning = detailTarget()?.warning;
  const newest = warning && model.warnings.get(warning.id);
  if (!newest) { toast(t('toast.none')); return null; }
  if (isNotice(newest)) { toast(t('toast.notice')); return null; }
  if (!fits(newest)) { refuse(); return null; }
  return newest;
}

const doing = (name, item) => `${t(`do.${name}`)} ${titleOf(item)}`;

export async function claim() {
  const w = warningInHand();
  if (w) await send(doing('claim', w), w, { step: 'claim', warning: w.id });
}
export async function release() {
  const w = warningInHand((x) => isOpen(x) && claimedBy(x) !== null);
  if (w) await send(doing('release', w), w, { step: 'release', warning: w.id });
}
export async function confirm() {
  const w = warningInHand((x) => isOpen(x) && !x.screened);
  if (w) await send(doing('confirm', w), w, { step: 'confirm', warning: w.id });
}

// ---- dismiss, with a time to think again ----------------------------------------------------------

let held = null;

export async function dismiss() {
  const w = warningInHand((x) => isOpen(x) && !x.screened);
  if (!w || !(await needSeat())) return;
  const answer = await askDismiss(titleOf(w));
  if (!answer) return;
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
  const w = warningInHand();
  if (!w || !(await needSeat())) return;
  if (isShelved(w)) { await send(doing('unshelve', w), w, { step: 'unshelve', warning: w.id }); return; }
  const answer = await askShelve(titleOf(w));
  if (!answer) return;
  const until = new Date(now() + Number(answer.minutes) * 60_000).toISOString();
  await send(doing('shelve', w), w, { step: 'shelve', warning: w.id, until, reason: answer.reason.trim() });
}

export async function reopen() {
  const w = warningInHand((x) => !isOpen(x));
  if (!w || !(await needSeat())) return;
  const answer = await askReopen(titleOf(w));
  if (answer) await send(doing('reopen', w), w, { step: 'reopen', warning: w.id, reason: answer.reason.trim() });
}

export async function recall() {
  const order = detailTarget()?.order;
  if (!order) { toast(t('toast.notfor')); return; }
  if (!(await needSeat())) return;
  const answer = await askRecall(titleOf(order));
  if (answer) await send(doing('recall', order), order, { step: 'recall', order: order.id, reason: answer.reason.trim() });
}

// ---- receipts -------------------------------------------------------------------------------------

const numberOf = (receipt) => receipt.receipt.split('/').slice(1).join('/');
const stepOf = (receipt, step, data) => send(`${t(`do.${step}`)} ${numberOf(receipt)}`, { id: receipt.id, entity: receipt.receipt }, data);
function receiptInHand(fits) {
  const receipt = model.complaints.get(detailTarget()?.receipt?.id);
  if (!receipt || !isUnanswered(receipt) || !fits(receipt)) { refuse(); return null; }
  return receipt;
}

/// `entity`: one of the candidates; else it is asked for.
export async function resolve(entity = null) {
  const receipt = receiptInHand((r) => !r.about);
  if (!receipt || !(await needSeat())) return;
  const answer = entity ? { entity } : await askEntity(numberOf(receipt));
  if (answer) await stepOf(receipt, 'resolve', { step: 'resolve_entity', complaint: receipt.id, entity: answer.entity.trim() });
}
export async function answer() {
  const receipt = receiptInHand((r) => !r.order);
  if (!receipt || !(await needSeat())) return;
  const given = await askAnswer(numberOf(receipt));
  if (given) await stepOf(receipt, 'answer', { step: 'finding', complaint: receipt.id, finding: 'no_violation', action: 'answered', text: given.text.trim() });
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
  const item = target?.order ?? target?.warning;
  if (!item) { toast(t('toast.none')); return; }
  if (!(await needSeat())) return;
  const list = target.order ? contacts(target.order) : [];
  const answer = await askCall(titleOf(item), list, responder ?? (target.order ? nextContact(target.order) : null));
  if (!answer) return;
  const about = target.order ? { order: target.order.id } : { warning: item.id };
  await send(doing('call', item), item, { step: 'call_logged', ...about, who: answer.who, result: answer.result, note: answer.note });
}
