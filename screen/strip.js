// The strip on top: who and where, open warnings by priority, the engine's health; and the banners below
// it that say when the page can't be trusted.

import { otherLanguage, t, word } from './catalogue.js';
import { byId, h, mark, setAttribute, setText } from './dom.js';
import { model, person } from './model.js';
import { preferences } from './preferences.js';
import { views } from './rows.js';
import { clockTime, now, span } from './time.js';
import { tickSound } from './sound.js';

const kPriorities = ['P1', 'P2', 'P3', 'P4'];
let parts = {};

export function mountStrip(current, on) {
  parts = { counts: {} };
  const tab = (name, key) => h('button', {
    type: 'button', class: 'tab', 'aria-current': name === current ? 'page' : null, onclick: () => on.view(name),
  }, t(`view.${name}`), h('kbd', {}, key));
  const value = (name) => (parts[name] = h('output', {}));
  const pair = (label, name) => h('div', { class: 'pair' }, h('span', { class: 'minor' }, label), value(name));
  byId('strip').replaceChildren(
    h('div', { class: 'brand' }, h('h1', {}, t('product')), h('span', { class: 'minor' }, (parts.city = h('span', { class: 'city' })), (parts.mode = h('span', { class: 'tag drill', hidden: true })))),
    h('nav', { 'aria-label': t('do.view') }, Object.keys(views).map((name, index) => tab(name, String(index + 1)))),
    h('div', { class: 'counts' },
      kPriorities.map((p) => h('div', { class: 'pair' }, mark(p, word('priority', p)), (parts.counts[p] = h('output', {})))),
      pair(t('count.overdue'), 'overdue'), pair(t('count.shelved'), 'shelved')),
    h('div', { class: 'clock', title: t('clock') }, pair(t('clock'), 'clock')),
    h('div', { class: 'own' },
      (parts.sound = h('button', { type: 'button', class: 'sound', id: 'sound', title: t('sound.why'), onclick: on.mute }, (parts.soundText = h('span', {})), h('kbd', {}, 'm'))),
      h('button', { type: 'button', id: 'seat', title: preferences.seat ? person(preferences.seat) : '', onclick: on.seat }, preferences.seat ? person(preferences.seat) : t('seat.none')),
      h('button', { type: 'button', id: 'language', lang: otherLanguage() === 'zh' ? 'zh-CN' : 'en', onclick: on.language }, t('language.other')),
      h('button', { type: 'button', onclick: on.help, 'aria-label': t('help.title'), title: t('help.title') }, '?')));
  byId('health').setAttribute('aria-label', t('health'));
  byId('health').setAttribute('role', 'group');
  byId('health').replaceChildren((parts.link = h('output', {})), pair(t('lag'), 'lag'),
    h('button', { type: 'button', onclick: on.sources }, pair(t('sources'), 'sources')),
    pair(t('count.deadLetters'), 'dead'), pair(t('count.rejected'), 'rejected'));
  showHealth();
  tickStrip();
}

export function showHealth() {
  const { health, counts } = model;
  if (!health || !parts.counts) return;
  setText(parts.city, health.city);
  parts.mode.hidden = !health.simulated && !health.exercise;
  setText(parts.mode, t(health.exercise ? 'exercise' : 'simulated'));
  for (const p of kPriorities) {
    setText(parts.counts[p], String(counts.warnings[p] ?? 0));
    setAttribute(parts.counts[p], 'class', counts.warnings[p] > 0 ? 'some' : '');
  }
  const overdue = Object.values(counts.overdue).reduce((a, b) => a + b, 0);
  setText(parts.overdue, String(overdue));
  setAttribute(parts.overdue, 'class', overdue > 0 ? 'some bad' : '');
  setText(parts.shelved, String(counts.shelved));
  setText(parts.dead, String(counts.deadLetters));
  setText(parts.rejected, String(counts.rejected));
  const silent = health.sources.filter((source) => source.silent);
  setText(parts.sources, silent.length ? t('sources.silent', { n: silent.length }) : t('sources.all', { n: health.sources.length }));
  setAttribute(parts.sources, 'class', silent.length ? 'bad' : '');
  setText(parts.lag, health.lagMs < 1000 ? `${health.lagMs} ms` : span(health.lagMs));
  setAttribute(parts.lag, 'class', health.lagging ? 'bad' : '');
}

/// How many rows the board has no room for, and which; nothing where it shows all.
function notShown(counts) {
  const all = Object.entries(counts?.notShown ?? {}).flatMap(([kind, by]) => Object.entries(by).map(([what, n]) => ({ kind, what, n })));
  const n = all.reduce((sum, one) => sum + one.n, 0);
  if (n === 0) return null;
  const urgent = all.filter((one) => one.what === 'P1');
  const kinds = [...new Set(all.map((one) => one.kind))].map((kind) => `${t(`hidden.${kind}`)} ${kPriorities
    .map((p) => [p, all.find((one) => one.kind === kind && one.what === p)?.n]).filter(([, count]) => count).map(([p, count]) => `${word('priority', p)} ${count}`).join('、')
    || all.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.n, 0)}`);
  return { n, which: kinds.join('；'), life: urgent.reduce((sum, one) => sum + one.n, 0) };
}

function* problems() {
  const { health, counts } = model;
  if (!model.connected && model.lastWord) yield ['bad', t('banner.lost', { when: clockTime(model.lastWord) })];
  if (!health) return;
  const silent = health.sources.filter((source) => source.silent);
  if (silent.length)
    yield ['bad', t('banner.silent', { names: silent.map((s) => s.name).join('、'), when: silent.map((s) => clockTime(s.lastSeen ?? NaN)).join('、') })];
  if (health.standsMs >= 5000) yield ['bad', t('banner.stands', { for: span(health.standsMs) })];
  if (health.departedMs) yield ['bad', t(health.departedMs > 0 ? 'banner.departed.ahead' : 'banner.departed.behind', { by: span(Math.abs(health.departedMs)) })];
  if (health.lagging) yield ['bad', t('banner.lagging', { lag: span(health.lagMs) })];
  if (health.board?.problem) yield ['bad', t('banner.board', { problem: health.board.problem })];
  const hidden = notShown(counts);
  if (hidden) yield [hidden.life ? 'bad' : 'warn', t(hidden.life ? 'banner.hidden.life' : 'banner.hidden', hidden)];
  if (counts?.flood) yield ['warn', t('banner.flood')];
}

export function tickStrip() {
  if (!parts.clock) return;
  setText(parts.clock, model.health ? clockTime(now()) : '–');
  setText(parts.link, t(model.connected ? 'connected' : 'disconnected'));
  setAttribute(parts.link, 'class', model.connected ? 'good' : 'bad');
  const sound = tickSound();
  setText(parts.soundText, sound.text);
  setAttribute(parts.sound, 'data-state', sound.state);
  const banners = byId('banners');
  const wanted = [...problems()];
  const same = banners.children.length === wanted.length && wanted.every(([kind, text], i) => banners.children[i].textContent === text && banners.children[i].classList.contains(kind));
  if (!same) banners.replaceChildren(...wanted.map(([kind, text]) => h('p', { class: `banner ${kind}`, role: 'alert' }, text)));
}
