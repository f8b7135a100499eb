// The list: one view's rows as a grid that stays where it is while someone reads it. P1 comes in at the
// top at once; other new rows wait behind the "n new" bar until they are asked for, or until nobody has
// touched anything for a while. A row that ends elsewhere turns grey and stays until then. Only the rows
// near the window are elements (viewport.js), so that ten thousand cost what fifty do.

import { currentLanguage, t, word } from './catalogue.js';
import { h, setAttribute, setText } from './dom.js';
import { placeName } from './model.js';
import { titleOf, views } from './rows.js';
import { now, span } from './time.js';
import { Viewport } from './viewport.js';

const kReadingMs = 20_000;
const kRefreshTicks = 10;

let view = 'queue';
let shown = [];             // ids in the order on screen
let waiting = [];           // rows behind the bar
let elements = new Map();   // key -> {tr, deadline, row} of the lines that are elements
let viewport = null;        // where each line stands
let selected = null;
let tabStop = null;
let filter = '';
let grouped = false;
let unfolded = new Set();
let lastTouch = -Infinity;
let ticks = 0;
let onSelect = () => {};
let parts = null;

export const currentView = () => view;
export const selectedRow = () => (selected === null ? null : views[view].find(selected));
export const hasWaiting = () => waiting.length > 0;

const definition = () => views[view];
const matching = (rows) => (filter ? rows.filter((row) => row.text().includes(filter)) : rows);
const reading = () => performance.now() - lastTouch < kReadingMs || (parts && parts.scroller.scrollTop > 4);

export function mountList(section, callbacks) {
  onSelect = callbacks.select;
  const search = h('input', {
    type: 'search', id: 'search', 'aria-label': t('search'), placeholder: `${t('search.hint')}  /`, autocomplete: 'off', spellcheck: 'false',
    oninput: () => { filter = search.value.trim().toLowerCase(); settle(); },
  });
  search.value = filter;
  const group = h('button', { type: 'button', class: 'quiet', 'aria-pressed': String(grouped), title: 'g', onclick: () => toggleGroups() }, t('group'));
  const count = h('span', { class: 'minor', id: 'row-count' });
  const bar = h('button', { type: 'button', class: 'newbar', id: 'newbar', hidden: true, onclick: () => showWaiting() });
  const body = h('table', { role: 'grid', id: 'rows', class: `grid ${view}`, 'aria-label': t(`view.${view}.label`), tabindex: '-1' });
  const scroller = h('div', { class: 'scroller' }, body);
  const empty = h('p', { class: 'empty', hidden: true });
  section.replaceChildren(
    h('div', { class: 'tools' }, search, view === 'queue' ? group : null, count), bar, scroller, empty);
  parts = { search, group, count, bar, body, scroller, empty };
  elements = new Map();
  viewport = new Viewport(scroller);
  scroller.addEventListener('scroll', () => { if (viewport.leaves()) render(); }, { passive: true });
  for (const name of ['pointermove', 'wheel', 'keydown', 'pointerdown'])
    section.addEventListener(name, () => { lastTouch = performance.now(); }, { passive: true });
  settle();
}

addEventListener('resize', () => { if (parts?.scroller.isConnected) render(); });

export function showView(section, name, callbacks) {
  if (view !== name) { view = name; selected = null; filter = ''; }
  mountList(section, callbacks);
}

export function focusSearch() { parts?.search.focus(); parts?.search.select(); }
export function clearSearch() {
  if (!filter) return false;
  filter = parts.search.value = '';
  settle();
  return true;
}
export const searchValue = () => parts?.search.value.trim() ?? '';

export function toggleGroups(on = !grouped) {
  if (grouped === on) return;
  grouped = on;
  setAttribute(parts?.group, 'aria-pressed', String(grouped));
  settle();
}

/// Takes in everything and puts it in order.
export function settle() {
  if (!parts) return;
  const rows = matching(definition().rows());
  shown = rows.map((row) => row.id);
  waiting = [];
  draw(rows);
}
export function showWaiting() {
  settle();
  parts.scroller.scrollTop = 0;
  render();
  if (selected === null) moveTo(shown[0]);
}

/// After a change of the model: new P1 come in, the rest waits while someone reads.
export function refresh() {
  if (!parts) return;
  if (view !== 'queue' || !reading()) return settle();
  const rows = matching(definition().rows());
  const place = new Set(shown);
  const urgent = rows.filter((row) => row.priority === 'P1').map((row) => row.id);
  const isUrgent = new Set(urgent);
  shown = [...urgent, ...shown.filter((id) => !isUrgent.has(id))];
  waiting = rows.filter((row) => !place.has(row.id) && !isUrgent.has(row.id));
  const found = new Map(rows.map((row) => [row.id, row]));
  draw(shown.map((id) => found.get(id) ?? definition().find(id)).filter(Boolean));
}

// ---- drawing --------------------------------------------------------------------------------------

/// The lines, one below the other: heads of groups and the rows that are not folded away.
function linesOf(rows) {
  const lines = [];
  for (const [key, group] of sections(rows)) {
    if (key) lines.push({ key: `group ${key}`, name: key, group });
    if (key && definition().canGroup && !unfolded.has(key)) continue;
    for (const row of group) lines.push({ key: row.id, row });
  }
  return lines;
}

function draw(rows) {
  viewport.take(linesOf(rows));
  setAttribute(parts.body, 'aria-rowcount', viewport.lines.length + 1);
  render();
  setText(parts.count, t('rows', { n: rows.length }));
  parts.empty.hidden = rows.length > 0;
  setText(parts.empty, filter ? t('empty.search', { text: filter }) : t(`empty.${view}`));
  drawBar();
}

/// Puts the lines near the window into the page.
function render() {
  const held = document.activeElement?.closest?.('#rows tr')?.dataset.line;
  const anchor = parts.scroller.scrollTop > 4 ? viewport.anchor(elements) : null;
  const old = elements;
  elements = new Map();
  const bodies = [head()];
  let body = null;
  viewport.choose();
  for (let i = viewport.first; i < viewport.last; ++i) {
    const line = viewport.lines[i];
    if (!body || line.group) bodies.push(body = h('tbody', { role: 'rowgroup' }));
    const entry = line.group ? { tr: groupHead(line.name, line.group) } : old.get(line.key) ?? newRow(line.key);
    if (line.row) fillRow(entry, line.row);
    setAttribute(entry.tr, 'aria-rowindex', i + 2);
    entry.tr.dataset.line = line.key;
    elements.set(line.key, entry);
    body.append(entry.tr);
  }
  parts.body.replaceChildren(...bodies);
  viewport.place(parts.body, elements, anchor);
  const first = viewport.lines.slice(viewport.first, viewport.last).find((line) => line.row);
  stopAt(elements.has(selected) ? selected : first?.key);
  if (held === undefined) return;
  const tr = elements.get(held)?.tr;
  (tr?.querySelector('button') ?? tr ?? parts.body).focus({ preventScroll: true });
}

function* sections(rows) {
  const groups = new Map();
  for (const row of rows) {
    const key = row.section ?? (grouped && definition().canGroup && row.priority > 'P2' ? row.group : '');
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  const single = (key, group) => key === '' || (group.length === 1 && !group[0].section);
  yield ['', [...groups].filter(([key, group]) => single(key, group)).flatMap(([, group]) => group)];
  for (const [key, group] of groups) if (!single(key, group)) yield [key, group];
}

function head() {
  return h('thead', { role: 'rowgroup' }, h('tr', { role: 'row', 'aria-rowindex': '1' },
    definition().columns.map((name) => h('th', { role: 'columnheader', scope: 'col', class: name }, t(`column.${name}`)))));
}

const overdueIn = (group) => group.filter((row) => row.deadline()?.at < now()).length;

function groupHead(key, group) {
  const columns = String(definition().columns.length);
  const cell = (...content) => h('tr', { role: 'row', class: 'group' },
    h('th', { role: 'rowheader', scope: 'rowgroup', colspan: columns, 'aria-colspan': columns }, content));
  const number = h('span', { class: 'number' }, String(group.length));
  if (group[0].section) {
    const over = overdueIn(group);
    return cell(definition().sectionTitle(key), number, over > 0 ? h('span', { class: 'number over' }, t('section.overdue', { n: over })) : null);
  }
  return cell(h('button', {
    type: 'button', class: 'fold', 'aria-expanded': String(unfolded.has(key)),
    onclick: () => { if (!unfolded.delete(key)) unfolded.add(key); settle(); },
  }, group[0].groupTitle, number));
}

function newRow(id) {
  const tr = h('tr', { role: 'row', tabindex: '-1', 'data-id': id, onclick: () => moveTo(id, false), ondblclick: () => onSelect(selectedRow(), true) });
  return { tr, deadline: null, row: null };
}

function fillRow(entry, row) {
  const { tr } = entry;
  setAttribute(tr, 'aria-selected', String(row.id === selected));
  const version = `${row.version}|${currentLanguage()}`;
  if (entry.version === version) return;
  entry.version = version;
  const cells = definition().cells(row);
  tr.className = `${row.priority}${row.gone ? ' gone' : ''}${row.away ? ' away' : ''}`;
  entry.row = row;
  entry.due = row.deadline();
  tr.replaceChildren(...definition().columns.map((name) => {
    const cell = h('td', { role: 'gridcell', class: name }, name === 'deadline' ? [] : cells[name]);
    if (name === 'deadline') entry.deadline = cell;
    return cell;
  }));
  tickRow(entry);
}

function tickRow(entry) {
  if (!entry.deadline) return;
  if (entry.row.paused) return setText(entry.deadline, t('deadline.paused'));
  if (!entry.due) return setText(entry.deadline, '');
  const left = entry.due.at - now();
  const over = left < 0;
  const text = `${t(`deadline.${entry.due.kind}`)} ${over ? `${t('deadline.over')} ` : ''}${span(left)}`;
  setText(entry.deadline, text);
  entry.deadline.className = `deadline${over ? ' over' : left < 120_000 ? ' near' : ''}`;
}

export function tick() {
  if (++ticks % kRefreshTicks === 0) refresh();  // claims and shelvings end with time
  for (const entry of elements.values()) tickRow(entry);
  if (waiting.length > 0 && !reading()) settle();
}

function drawBar() {
  parts.bar.hidden = waiting.length === 0;
  if (waiting.length === 0) return;
  const first = waiting.reduce((a, b) => (b.order < a.order ? b : a));
  parts.bar.replaceChildren(
    h('strong', {}, t('new.bar', { n: waiting.length })),
    h('span', {}, `${word('priority', first.priority)} ${titleOf(first.warning)} · ${placeName(first.entity)}`),
    h('span', { class: 'do' }, t('new.show'), h('kbd', {}, 'n')));
}

// ---- selection ------------------------------------------------------------------------------------

/// The one row that Tab goes to.
function stopAt(id) {
  const before = elements.get(tabStop);
  if (before) before.tr.tabIndex = -1;
  tabStop = id;
  const entry = elements.get(id);
  if (entry) entry.tr.tabIndex = 0;
}

export function moveTo(id, focus = true) {
  const at = viewport.indexOf(id);
  if (at < 0) return;
  const before = elements.get(selected);
  if (before) setAttribute(before.tr, 'aria-selected', 'false');
  selected = id;
  if (viewport.bring(at) || !elements.has(id)) render();
  const { tr } = elements.get(id);
  setAttribute(tr, 'aria-selected', 'true');
  stopAt(id);
  if (focus) tr.focus({ preventScroll: true });
  tr.scrollIntoView({ block: 'nearest' });
  onSelect(selectedRow(), false);
}

/// So many rows on, or back; over the heads of groups, no further than the ends.
export function step(by) {
  lastTouch = performance.now();
  const { lines } = viewport;
  const way = Math.sign(by);
  let row = viewport.indexOf(selected);
  let next = row >= 0 ? row + way : by > 0 ? 0 : lines.length - 1;
  for (let left = Math.abs(by); left > 0 && next >= 0 && next < lines.length; next += way) {
    if (!lines[next].row) continue;
    row = next;
    --left;
  }
  if (row >= 0) moveTo(lines[row].key);
}

export function focusRow() {
  const entry = elements.get(selected) ?? elements.get(tabStop);
  (entry?.tr ?? parts?.body)?.focus();
}
export const clearSelection = () => { selected = null; };
