// The page of a duty officer: loads the board, follows the stream, and connects keys to what they do.

import * as actions from './actions.js';
import { follow, loadBoard, onTokenNeeded } from './api.js';
import { currentLanguage, otherLanguage, setLanguage, t } from './catalogue.js';
import { detailTarget, showMatter, showNothing, showOrder, showReceipt, showWarning, tickDetail } from './detail.js';
import { askToken, showHelp, showSources } from './dialogs.js';
import { byId, h, setText } from './dom.js';
import { showEntity } from './entity.js';
import { showFound } from './find.js';
import * as list from './list.js';
import { apply, changed, isOpen, model, onChange, placeName, replaceAll } from './model.js';
import { preferences } from './preferences.js';
import { titleOf, views } from './rows.js';
import { allowSound, toggleMute } from './sound.js';
import { learnSteps } from './steps.js';
import { mountStrip, showHealth, tickStrip } from './strip.js';
import { announce } from './toasts.js';
import { now, setClock } from './time.js';

const section = () => byId('list');
const panel = () => byId('detail');
let instead = null;     // what stands in place of the list: a function that shows it again
let shownVersion = '';  // of the row in the panel

// ---- views ----------------------------------------------------------------------------------------

function openView(name) {
  instead = null;
  list.showView(section(), name, { select: showRow });
  mountAll();
  showNothing(panel());
  list.focusRow();
}

function mountAll() {
  mountStrip(instead ? '' : list.currentView(), {
    view: openView, mute: () => { toggleMute(); tickStrip(); }, seat: () => actions.needSeat(true), language: switchLanguage,
    help: () => showHelp(commands), sources: () => model.health && showSources(model.health),
  });
  setText(byId('skip'), t('skip'));
  panel().setAttribute('aria-label', t('do.open'));
  document.title = t('product');
  byId('keys').replaceChildren(...['next', 'claim', 'confirm', 'dismiss', 'shelve', 'call', 'steps', 'search', 'help'].map((name) =>
    h('span', {}, h('kbd', {}, commands.find((c) => c.name === name).keys[0]), t(`do.${name}`))));
}

const byName = () => Object.fromEntries(commands.map((command) => [command.name, command]));
const handlers = () => ({ commands: byName(), take: actions.takeStep, run: {
  claim: actions.claim, release: actions.release, confirm: actions.confirm, dismiss: actions.dismiss, shelve: actions.shelve,
  reopen: actions.reopen, recall: actions.recall, resolve: (entity) => actions.resolve(entity), answer: actions.answer, call: (responder) => actions.call(responder), link: (responder) => actions.link(responder), entity: () => openEntity(),
} });

function showRow(row, open) {
  if (!row) return showNothing(panel());
  shownVersion = row.version;
  show({ matter: row.matterItem, receipt: row.receiptItem, order: row.orderItem, warning: row.warning });
  if (open) panel().focus();
  return undefined;
}

function show({ matter, receipt, order, warning }) {
  if (matter) showMatter(panel(), matter, handlers());
  else if (receipt) showReceipt(panel(), receipt, handlers());
  else if (order) showOrder(panel(), order, warning, handlers());
  else showWarning(panel(), warning, handlers());
}

/// The newest of what is in the panel.
function newest() {
  const { matter, receipt, order, warning, main } = detailTarget();
  const of = (map, item) => item && (map.get(item.id) ?? item);
  return { matter: of(model.matters, matter), receipt: of(model.complaints, receipt), order: main === 'order' ? of(model.orders, order) : null, warning: of(model.warnings, warning) };
}
const versionOfTarget = () => Object.values(newest()).filter(Boolean).map((item) => `${item.id}.${item.revision}.${model.sending.has(item.id)}`).join('|');
function showTarget() {
  show(newest());
  shownVersion = versionOfTarget();
}

/// Takes the place of the list; gives whether it still has it when what it asked for has come.
function stand(again) {
  instead = again;
  return () => instead === again;
}

function openEntity(named) {
  const target = detailTarget() ?? {};
  const name = named ?? target.receipt?.receipt ?? target.matter?.party ?? (target.order ?? target.warning)?.entity ?? list.selectedRow()?.entity;
  if (!name) return;
  const wanted = stand(() => openEntity(name));
  showEntity(section(), name, wanted, backToList, (warning) => showWarning(panel(), model.warnings.get(warning.id) ?? warning, handlers()));
}
/// What has `text` in it, wherever it stands, in place of the list.
function openFound(text) {
  const wanted = stand(() => openFound(text));
  list.clearSearch();
  showFound(section(), text, wanted, backToList, {
    warning: (warning) => show({ warning: model.warnings.get(warning.id) ?? warning }),
    order: (order) => show({ order: model.orders.get(order.id) ?? order, warning: model.warnings.get(order.warnings?.[0]) }),
    complaint: (receipt) => show({ receipt: model.complaints.get(receipt.id) ?? receipt }),
    matter: (matter) => show({ matter: model.matters.get(matter.id) ?? matter }),
    place: (name) => openEntity(name),
  });
}
function backToList() {
  instead = null;
  list.mountList(section(), { select: showRow });
  mountAll();
  list.focusRow();
}

function switchLanguage() {
  setLanguage(otherLanguage());
  preferences.language = currentLanguage();
  mountAll();
  if (instead) instead();
  else list.mountList(section(), { select: showRow });
  if (detailTarget()) showTarget(); else showNothing(panel());
  byId('language').focus();
}

function back() {
  if (instead) return backToList();
  if (panel().contains(document.activeElement)) return list.focusRow();
  list.clearSearch();
  return list.focusRow();
}

// ---- keys -----------------------------------------------------------------------------------------

const commands = [
  { name: 'next', keys: ['j', '↓'], run: () => list.step(1) },
  { name: 'previous', keys: ['k', '↑'], run: () => list.step(-1) },
  { name: 'page', keys: ['PgDn', 'PgUp'], run: (key) => list.step(key === 'PgDn' ? 10 : -10) },
  { name: 'ends', keys: ['Home', 'End'], run: (key) => list.step(key === 'End' ? Infinity : -Infinity) },
  { name: 'open', keys: ['Enter'], run: () => showRow(list.selectedRow(), true) },
  { name: 'claim', keys: ['c'], run: actions.claim },
  { name: 'release', keys: ['r'], run: actions.release },
  { name: 'confirm', keys: ['y'], run: actions.confirm },
  { name: 'dismiss', keys: ['d'], run: actions.dismiss },
  { name: 'undo', keys: ['u'], run: actions.undo },
  { name: 'shelve', keys: ['s'], run: actions.shelve },
  { name: 'unshelve', keys: ['s'], run: null },
  { name: 'steps', keys: ['w'], run: actions.chooseStep },
  { name: 'call', keys: ['l'], run: () => actions.call() },
  { name: 'link', keys: ['p'], run: () => actions.link() },
  { name: 'recall', keys: ['x'], run: actions.recall },
  { name: 'reopen', keys: ['o'], run: actions.reopen },
  { name: 'resolve', keys: ['i'], run: () => actions.resolve() },
  { name: 'answer', keys: ['a'], run: actions.answer },
  { name: 'incident', keys: ['h'], run: actions.incident },
  { name: 'entity', keys: ['e'], run: () => openEntity() },
  { name: 'show_new', keys: ['n'], run: list.showWaiting },
  { name: 'search', keys: ['/'], run: () => { if (instead) backToList(); list.focusSearch(); } },
  { name: 'group', keys: ['g'], run: () => list.toggleGroups() },
  { name: 'mute', keys: ['m'], run: () => { toggleMute(); tickStrip(); } },
  { name: 'view', keys: ['1', '2', '3', '4', '5'], run: (key) => openView(Object.keys(views)[Number(key) - 1]) },
  { name: 'language', keys: ['t'], run: switchLanguage },
  { name: 'back', keys: ['Esc'], run: back },
  { name: 'help', keys: ['?'], run: () => showHelp(commands) },
];
const kNames = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc', PageDown: 'PgDn', PageUp: 'PgUp' };
const kScrolls = ['↓', '↑', 'PgDn', 'PgUp', 'Home', 'End'];

document.addEventListener('keydown', (event) => {
  allowSound();
  if (byId('dialog').open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const inField = event.target.matches('input, textarea, select');
  const key = kNames[event.key] ?? event.key;
  if (inField && event.target.id === 'search' && ['Enter', '↓'].includes(key)) {
    event.preventDefault();
    if (key === '↓') list.step(1); else if (list.searchValue()) openFound(list.searchValue());
    return;
  }
  if (inField && key !== 'Esc') return;
  // Keys that a focused button, link or scrolled region needs are its own.
  if (key === 'Enter' && (event.target.closest('button, a, summary') || !event.target.closest('#rows'))) return;
  if (kScrolls.includes(key) && event.target.closest('.detail, .entity, .found')) return;
  const command = commands.find((c) => c.run && c.keys.includes(key));
  if (!command) return;
  event.preventDefault();
  command.run(key);
});
document.addEventListener('pointerdown', allowSound);

// ---- following ------------------------------------------------------------------------------------

let dirty = false;
const announced = new Set();

function watchUrgent() {
  for (const warning of model.warnings.values()) {
    if (warning.priority !== 'P1' || !isOpen(warning) || announced.has(warning.id)) continue;
    announced.add(warning.id);
    announce(t('announce.p1', { title: titleOf(warning), place: placeName(warning.entity) }));
  }
}

let inFlood = false;
function watchFlood() {
  const flood = model.counts?.flood === true;
  if (flood !== inFlood) list.toggleGroups(flood);
  inFlood = flood;
}

onChange((what) => {
  if (what === 'health') { showHealth(); watchFlood(); return; }
  if (what === 'seat') mountAll();
  if (dirty) return;
  dirty = true;
  // Where drawing is slow, most of the time is left to the keys.
  setTimeout(() => requestAnimationFrame(redraw), 4 * lastCost);
});

let lastCost = 0;  // ms
function redraw() {
  const from = performance.now();
  dirty = false;
  watchUrgent();
  if (!instead) list.refresh();
  const row = instead ? null : list.selectedRow();
  if (row && row.version !== shownVersion) showRow(row, false);
  if (instead && detailTarget() && versionOfTarget() !== shownVersion) showTarget();
  lastCost = Math.min(performance.now() - from, 250);
}

const kReload = new Error('load the whole board');

function hear(kind, data, id) {
  model.lastWord = now();
  if (kind === 'health') {
    model.health = data;
    setClock(data.clock, data.speed);
  } else if (kind === 'counts') {
    model.counts = data;
    changed('health');
  } else if (kind === 'reload') {
    model.streamId = null;
    throw kReload;
  } else {
    apply(kind, data, id);
  }
}

let greeted = false;
async function load() {
  await learnSteps();
  if (!greeted) actions.needSeat();
  greeted = true;
  const board = await loadBoard();
  setClock(board.health.clock, board.health.speed);
  replaceAll(board);
  list.settle();
  showHealth();
  watchFlood();
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function run() {
  onTokenNeeded(async () => (await askToken())?.token ?? null);
  for (let wait = 500; ; wait = Math.min(wait * 2, 8_000)) {
    try {
      if (model.streamId === null) await load();
      model.connected = true;
      model.lastWord = now();
      await follow(model.streamId, (kind, data, id) => { wait = 500; hear(kind, data, id); });
    } catch (error) {
      if (error === kReload) continue;
      model.connected = false;
      model.lastWord ||= now();
      tickStrip();
    }
    await pause(wait);
  }
}

setLanguage(preferences.language);
list.mountList(section(), { select: showRow });
mountAll();
showNothing(panel());
setInterval(() => { tickStrip(); list.tick(); tickDetail(); }, 1000);
run();
