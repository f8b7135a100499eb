// What somebody looked for, in place of the list: places, warnings, orders, receipts, matters, refusals and
// dead letters that have the text in them, each with the sentence why it is as it is; and where the text is
// an event's id, what became of the event, or why nothing did.

import { find, traceEvent } from './api.js';
import { listed, said, saying, t, word } from './catalogue.js';
import { h } from './dom.js';
import { isOpen, person, placeName, reasonsOf } from './model.js';
import { quietSentence, titleOf, trustOf, whySentence } from './rows.js';
import { clockTime } from './time.js';

const last = (item) => said(item.history?.at(-1)?.why);
const at = (item) => clockTime(item.history?.at(-1)?.at ?? item.since ?? '');

/// Of one that waits for a person: why it does; of one that is over or quiet: why that is; else why it fired.
function whyNow(warning) {
  if (!isOpen(warning)) return quietSentence(warning);
  return (warning.state === 'screening' && said(reasonsOf(warning).state.at(-1))) || whySentence(warning);
}

// Of each kind: its name, where it stands, and one sentence.
const kinds = {
  warning: { title: titleOf, where: (w) => placeName(w.entity), why: (w) => saying(word('state', w.state), whyNow(w)), when: (w) => clockTime(w.since) },
  order: { title: titleOf, where: (o) => placeName(o.entity), why: (o) => saying(word('order', o.state), last(o)), when: at },
  complaint: { title: (r) => r.receipt.split('/').slice(1).join('/'), where: (r) => (r.about ? placeName(r.about) : ''), why: (r) => saying(word('receipt', r.state), last(r)), when: at },
  matter: { title: titleOf, where: (m) => person(m.party), why: (m) => saying(word('matter', m.state), last(m)), when: at },
  rejected: { title: (x) => word('step', x.step), where: (x) => person(x.by), why: (x) => saying(word('step', 'rejected'), said(x.reason)), when: () => '' },
  deadLetter: { title: () => t('count.deadLetters'), where: (d) => d.topic ?? '', why: (d) => saying(t('found.dead'), d.reason), when: () => '' },
};
const kTopics = {
  warnings: 'warning', 'dispatch.orders': 'order', complaints: 'complaint', matters: 'matter', rejected: 'rejected', 'dead.letters': 'deadLetter',
};

/// In which way a record has to do with the event that was looked for.
function tie(event, text) {
  if ((event.data.evidence ?? []).some((one) => one.id === text)) return t('found.evidence');
  return event.causationid === text ? t('found.cause') : '';
}

function line(kind, event, text, open) {
  const item = event.data;
  const words = kinds[kind];
  const content = [
    h('span', { class: 'line' }, h('span', { class: 'tag' }, t(`of.${kind}`)), h('strong', {}, words.title(item)), h('span', {}, words.where(item)),
      h('span', { class: 'minor' }, words.when(item)), tie(event, text) ? h('span', { class: 'tag strong' }, tie(event, text)) : null),
    h('span', { class: 'why' }, words.why(item))];
  return h('li', { 'data-kind': kind }, open[kind] ? h('button', { type: 'button', class: 'link', onclick: () => open[kind](item) }, content) : h('div', { class: 'link' }, content));
}

function placeLine({ entity, status, steps }, open) {
  const facts = status?.data?.registration ?? {};
  return h('li', { 'data-kind': 'place' }, h('button', { type: 'button', class: 'link', onclick: () => open.place(entity) },
    h('span', { class: 'line' }, h('span', { class: 'tag' }, word('kind', entity.split('/')[0])), h('strong', {}, facts.name || entity), h('span', {}, facts.address ?? ''),
      h('span', { class: 'minor' }, [entity, facts.rescueCode].filter(Boolean).join(' · '))),
    h('span', { class: 'why' }, [trustOf(status?.data), t('found.steps', { n: steps })].filter(Boolean).join(' · '))));
}

// ---- an event ---------------------------------------------------------------------------------------

function* sentences(trace) {
  const [first, ...again] = trace.came;
  if (!first) {
    yield t(trace.complete ? 'trace.unknown' : 'trace.unknown.partly', { topics: trace.looked.length });
    return;
  }
  yield t('trace.came', { topic: first.topic, when: clockTime(first.recorded), subject: first.subject, source: first.source });
  if (again.length) yield t('trace.again', { n: again.length });
  if (first.late) yield t('trace.late');
  if (trace.same.length) yield t('trace.same', { ids: listed(trace.same.map((one) => one.id)) });
  if (trace.traces.length === 0) yield t(trace.complete ? 'trace.none' : 'trace.none.partly', { topics: listed(trace.looked) });
}

function showTrace(box, trace, text, open, known) {
  const fresh = trace.traces.filter(({ topic, record }) => kTopics[topic] && !known.has(record.data.id));
  const others = trace.traces.filter(({ topic }) => !kTopics[topic]);
  const silent = trace.traces.length === 0;
  const rules = trace.rules.filter((rule) => silent || rule.holds);
  box.replaceChildren(
    h('h3', {}, t('trace.title')),
    ...[...sentences(trace)].map((sentence) => h('p', { class: 'sentence' }, sentence)),
    fresh.length ? h('ul', { class: 'links' }, fresh.map(({ topic, record }) => line(kTopics[topic], record, text, open))) : '',
    others.length ? h('p', { class: 'minor' }, t('trace.others', { topics: listed([...new Set(others.map((one) => one.topic))]) })) : '',
    rules.length ? h('h3', {}, t(silent ? 'trace.rules.none' : 'trace.rules')) : '',
    rules.length ? h('ul', { class: 'rules' }, rules.map((rule) => h('li', {}, h('strong', {}, said(rule.title)), h('span', { class: 'minor' }, rule.rule),
      h('span', { class: 'why' }, said(rule.why))))) : '');
}

async function addTrace(box, text, open, known) {
  box.replaceChildren(h('p', { class: 'minor', role: 'status' }, t('trace.looking')));
  try {
    showTrace(box, await traceEvent(text), text, open, known);
  } catch (error) {
    box.replaceChildren(h('p', { class: 'problem' }, t('trace.failed', { reason: error.message })));
  }
}

// ---- all of it --------------------------------------------------------------------------------------

/// An event's id is one word. What was found as an id, a number or a place is none; what rests on it, was led
/// to by it or could not be read is.
const mayBeEvent = (text, found, lists) => /^[\x21-\x7e]{3,}$/.test(text)
  && (found.deadLetters.length > 0 || (found.places.length === 0 && lists.every(([, list]) => list.length === 0)) || lists.some(([, list]) => list.some((event) => tie(event, text))));

function arrows(region, event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const buttons = [...region.querySelectorAll('button')];
  const next = buttons[buttons.indexOf(document.activeElement) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export async function showFound(section, text, wanted, back, open) {
  section.replaceChildren(h('p', { class: 'empty' }, t('loading')));
  let found;
  try {
    found = await find(text);
  } catch (error) {
    if (wanted()) section.replaceChildren(h('p', { class: 'empty' }, String(error.message)));
    return;
  }
  if (!wanted()) return;
  const lists = [['warning', found.warnings], ['order', found.orders], ['complaint', found.complaints], ['matter', found.matters], ['rejected', found.rejected], ['deadLetter', found.deadLetters]];
  const known = new Set(lists.flatMap(([, list]) => list.map((event) => event.data.id)));
  const lines = [...found.places.map((place) => placeLine(place, open)), ...lists.flatMap(([kind, list]) => list.map((event) => line(kind, event, text, open)))];
  const trace = h('div', { class: 'trace' });
  const region = h('div', { class: 'scroller entity found', tabindex: '0', role: 'region', 'aria-label': t('found.title', { text }), onkeydown: (event) => arrows(region, event) },
    h('header', {}, h('button', { type: 'button', onclick: back }, t('entity.back'), h('kbd', {}, 'Esc')), h('h2', {}, t('found.title', { text })),
      h('span', { class: 'minor' }, t('rows', { n: lines.length })),
      found.placesFound > found.places.length ? h('span', { class: 'minor' }, t('found.more', { n: found.placesFound, shown: found.places.length })) : null),
    lines.length ? h('ul', { class: 'links' }, lines) : h('p', { class: 'minor' }, t('found.none')), trace);
  section.replaceChildren(region);
  (region.querySelector('.links button') ?? region.querySelector('button')).focus();
  if (mayBeEvent(text, found, lists)) await addTrace(trace, text, open, known);
}
