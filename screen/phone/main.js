// The page of a responder in the field: one order, opened by a link. It asks for the order again and
// again, keeps what was pressed until the server has it, and says what is not sent and what was refused.

import { currentLanguage, otherLanguage, said, setLanguage, t } from '../catalogue.js';
import { byId, h, renew } from '../dom.js';
import { preferences } from '../preferences.js';
import { clockTime, setClock } from '../time.js';
import { makeOutbox } from './outbox.js';
import { smaller } from './photos.js';
import { draft, showOrder, tick } from './view.js';
import { p } from './words.js';

const path = location.pathname;
const kAsk = 4_000, kAskSoon = 700, kAnswer = 10_000;
const kNoWord = 30_000;  // a repeated step has no effect of its own: then it is no longer waited for

const before = kept();  // the last answer of an earlier time: {at, data}

let data = before?.data ?? null;  // the newest answer
let lost = null;       // since when the server does not answer
let end = null;        // {zh, en}: the link opens nothing any more
let shown = '';        // what the page shows, so that nothing moves without need
let understood = new Set(read());  // refusals that were read
let timer = null;

function read() {
  try { return JSON.parse(localStorage.getItem(`watchfire.understood${path}`)) ?? []; } catch { return []; }
}
function kept() {
  try { return JSON.parse(localStorage.getItem(`watchfire.order${path}`)); } catch { return null; }
}
function keep(answer) {
  try {
    if (answer) localStorage.setItem(`watchfire.order${path}`, JSON.stringify({ at: Date.now(), data: answer }));
    else localStorage.removeItem(`watchfire.order${path}`);
  } catch { /* then there is nothing to show without a network */ }
}
function understand(cause) {
  understood.add(cause);
  try { localStorage.setItem(`watchfire.understood${path}`, JSON.stringify([...understood].slice(-50))); } catch { /* it shows again */ }
  redraw();
}

const outbox = makeOutbox(path, { onChange: () => { redraw(); soon(); }, onEnd: (reason) => finish(reason) });
const namesOf = (items) => items.map((item) => p(`step.${item.body.step}`)).join(currentLanguage() === 'zh' ? '、' : ', ');

// ---- what the page says of itself -----------------------------------------------------------------

function notices() {
  const list = [];
  const unsent = outbox.unsent();
  if (unsent.length > 0 && (outbox.isFailing() || !navigator.onLine)) {
    list.push(h('div', { class: 'notice warn' }, p('unsent', { n: unsent.length, what: namesOf(unsent) }),
      h('span', { class: 'what' }, p('unsent.kept')),
      h('button', { type: 'button', 'data-key': 'retry', onclick: () => outbox.sendAll() }, p('unsent.now'))));
  } else if (!navigator.onLine) {
    list.push(h('div', { class: 'notice warn' }, p('offline')));
  }
  if (lost && data && (Date.now() - lost > kAnswer || shown === ''))
    list.push(h('div', { class: 'notice warn' }, p('stale', { when: clockTime(data.clock) })));
  return list;
}

function refusals() {
  const refused = [...(data?.refusals ?? []).map((r) => ({ key: r.cause, step: r.step, reason: r.reason })),
    ...outbox.sent().filter((item) => item.refused).map((item) => ({ key: item.key, step: item.body.step, reason: item.refused }))];
  return refused.filter((r) => !understood.has(r.key)).map(({ key, step, reason }) =>
    h('div', { class: 'notice bad' }, p('refused', { what: p(`step.${step}`) }), h('span', { class: 'what' }, said(reason)),
      h('button', { type: 'button', 'data-key': `understood-${key}`, onclick: () => understand(key) }, p('understood'))));
}

/// Read out only when they say something else.
function redrawNotices() {
  if (end) return;
  for (const [name, list] of [['notices', notices()], ['refusals', refusals()]]) {
    const fresh = h('div', {}, list);
    const place = byId(name);
    if (fresh.textContent === place.textContent) continue;
    const more = list.length > place.children.length;
    renew(place, [...fresh.children]);
    if (more && name === 'refusals') place.scrollIntoView();
  }
}

function showEnd() {
  const unsent = outbox.unsent();
  byId('notices').replaceChildren();
  byId('refusals').replaceChildren();
  byId('main').className = 'end';
  renew(byId('main'), h('h1', {}, p('ended')), h('p', {}, said(end)),
    unsent.length ? h('p', { class: 'problem' }, p('lost', { n: unsent.length, what: namesOf(unsent) })) : null);
}

function redraw() {
  if (end) return showEnd();
  redrawNotices();
  const active = document.activeElement;
  const at = active?.matches?.('textarea') ? [active.selectionStart, active.selectionEnd] : null;
  if (data) renew(byId('main'), showOrder(data, outbox, { press, redraw, addPhotos, photos: outbox.waitingPhotos }));
  else renew(byId('main'), h('p', { class: 'minor' }, p('loading')));
  if (at && document.activeElement?.matches('textarea')) document.activeElement.setSelectionRange(...at);
  return tick();
}

function mount() {
  document.title = t('product');
  byId('bar').replaceChildren(h('span', { class: 'unit' }, data ? data.unit.replace(/^(unit|officer)\//, '') : t('product')),
    h('button', { type: 'button', id: 'language', lang: currentLanguage() === 'zh' ? 'en' : 'zh-CN', onclick: switchLanguage }, p('language')));
}
function switchLanguage() {
  setLanguage(otherLanguage());
  preferences.language = currentLanguage();
  mount();
  redraw();
  byId('language').focus();
}

async function addPhotos(files) {
  draft.photoProblem = '';
  for (const file of files) {
    try { await outbox.addPhoto(await smaller(file)); } catch { draft.photoProblem = p('photo.bad'); }
  }
  redraw();
}

function press(body) {
  outbox.press(body);
  byId('main').focus({ preventScroll: true });
}

// ---- asking ---------------------------------------------------------------------------------------

function finish(reason) {
  keep(null);
  globalThis.caches?.open('watchfire-phone').then((pages) => pages.delete(location.href));
  end = reason ?? { zh: '此链接无效。', en: 'This link is not valid.' };
  clearTimeout(timer);
  redraw();
}

const isSettled = (item) => !item.refused && (Date.now() - item.arrivedAt > kNoWord ||
  data.refusals.some((refusal) => refusal.cause === item.id) ||
  data.order.history.some((step) => step.by === data.unit && step.step === item.body.step &&
    Math.abs(Date.parse(step.at) - Date.parse(item.time)) < 5_000));

async function ask() {
  const gone = new AbortController();
  const watchdog = setTimeout(() => gone.abort(), kAnswer);
  try {
    const response = await fetch(`${path}/order`, { cache: 'no-store', signal: gone.signal });
    if (response.status === 410) return finish((await response.json()).reason);
    if (response.status === 403) return finish(null);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const first = data === null;
    data = await response.json();
    keep(data);
    lost = null;
    setClock(data.clock, data.speed);
    const settled = outbox.settle(isSettled);
    if (first) mount();
    if (outbox.isFailing()) outbox.sendAll();
    const version = JSON.stringify([data.order, data.warnings, data.refusals, data.place]);
    if (version !== shown || settled) { shown = version; redraw(); }
  } catch {
    lost ??= Date.now();
    redrawNotices();
  } finally {
    clearTimeout(watchdog);
  }
  return undefined;
}

async function follow() {
  clearTimeout(timer);
  await ask();
  if (end) return;
  clearTimeout(timer);
  timer = setTimeout(follow, outbox.sent().some((item) => !item.refused) ? kAskSoon : kAsk);
}
function soon() {
  if (end || !outbox.sent().some((item) => !item.refused)) return;
  clearTimeout(timer);
  timer = setTimeout(follow, 100);
}

addEventListener('online', () => { redrawNotices(); follow(); });
addEventListener('offline', redrawNotices);
document.addEventListener('visibilitychange', () => { if (!document.hidden) follow(); });

/// The worker keeps what passes it: what was loaded before it was there is loaded once more.
async function keepPage() {
  if (!navigator.serviceWorker) return;  // not over plain HTTP
  await navigator.serviceWorker.register('/m/worker.js');
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller)
    await new Promise((resolve) => { navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }); });
  const loaded = performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => /\.(js|css|svg)$/.test(name));
  await Promise.all([location.href, ...new Set(loaded)].map((name) => fetch(name, { cache: 'no-cache' })));
  document.documentElement.dataset.kept = 'yes';
}

setLanguage(preferences.language);
if (before) setClock(new Date(Date.parse(data.clock) + (Date.now() - before.at) * data.speed).toISOString(), data.speed);
mount();
redraw();
setInterval(tick, 1000);
outbox.sendAll();
follow();
keepPage().catch(() => { /* the open page works without it */ });
