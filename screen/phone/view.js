// What the phone shows of the one order, and the controls that press its steps. `draft` is what was
// typed and not pressed yet: it outlives a redraw.

import { said, t, word } from '../catalogue.js';
import { h, mark, setText } from '../dom.js';
import { clockTime, now, span } from '../time.js';
import { kCauses, p } from './words.js';

const kRank = { dispatched: 0, accepted: 1, en_route: 2, arrived: 3, handled: 4, verified: 5, closed: 6 };
const kStepRank = { accept: 1, en_route: 2, arrived: 3, finding: 4 };
const kMinutes = [5, 10, 20, 30];
const kMinute = 60_000;

export const draft = { minutes: 10, finding: '', action: '', people: '', injured: '', cause: '', note: '', reason: '', evidence: '' };
let ticking = [];  // {element, at}

const nameOf = (by) => (by === 'rule' ? word('by', 'rule') : by.replace(/^(unit|officer)\//, ''));
const isOpen = (order) => !['closed', 'recalled'].includes(order.state);
const ownOf = (data) => data.order.responders.find((r) => r.unit === data.unit) ?? { state: 'dispatched' };
const isLife = (data) => data.order.responders.some((r) => r.rescuer);
const fact = (name, ...value) => (value.every((v) => v === null || v === undefined || v === '') ? null : [h('dt', {}, name), h('dd', {}, value)]);
const wordFrom = (list, code) => { const found = list.find((w) => w.code === code); return found ? said(found) : code; };

export function tick() {
  for (const { element, at } of ticking) {
    const left = at - now();
    setText(element, `${left < 0 ? `${t('deadline.over')} ` : ''}${span(left)}`);
    element.classList.toggle('over', left < 0);
  }
}

// ---- what, where, why -----------------------------------------------------------------------------

function what(data) {
  const { order, place } = data;
  const [kind, ...id] = order.entity.split('/');
  const district = place.district || order.district;
  return h('section', { class: order.priority, 'aria-label': said(order.title) },
    h('div', { class: 'line' }, mark(order.priority, word('priority', order.priority)),
      data.exercise ? h('span', { class: 'tag' }, t('exercise')) : null,
      h('span', { class: 'state' }, word('order', order.state))),
    h('h1', {}, said(order.title) || order.item),
    h('p', { class: 'where' }, place.address || place.name || `${word('kind', kind)} ${id.join('/')}`),
    h('dl', { class: 'facts' }, [
      fact(word('kind', kind), place.address ? place.name || id.join('/') : id.join('/')),
      fact(t('fact.district'), district ? (p(`district.${district}`).startsWith('district.') ? district : p(`district.${district}`)) : ''),
      place.rescueCode ? fact(t('fact.rescueCode'), h('span', { class: 'code' }, place.rescueCode)) : null,
      place.phone ? fact(t('card.site'), h('a', { href: `tel:${place.phone.replace(/[^\d+]/g, '')}` }, place.phone)) : null,
      fact(t('fact.useUnit'), nameOf(place.useUnit ?? '')),
      fact(t('fact.maintenanceUnit'), nameOf(place.maintenanceUnit ?? '')),
      fact(t('fact.exposure'), place.exposure ? word('exposure', place.exposure) : ''),
    ].flat().filter(Boolean)));
}

function why(data) {
  if (!data.warnings.length) return null;
  return h('section', {}, h('h2', {}, p('why')), h('ul', { class: 'reasons' }, data.warnings.map((w) => h('li', {},
    h('strong', {}, said(w.title)),
    h('span', { class: 'minor' }, `${word('priority', w.priority)} · ${clockTime(w.since)} · ${word('condition', w.condition)}`),
    [...new Set((w.reasons ?? []).map(said))].map((reason) => h('p', {}, reason))))));
}

function asked(data) {
  if (!isOpen(data.order)) return null;
  const own = ownOf(data);
  const kind = !isLife(data) ? 'other' : own.rescuer ? 'life' : 'duty';
  return h('section', {}, h('h2', {}, p('ask')), h('p', {}, p(`asked.${kind}`)));
}

function deadlines(data) {
  const { order } = data;
  if (!isOpen(order)) return null;
  const own = ownOf(data);
  const due = (name, at, met) => {
    if (!at && !met) return null;
    const element = h('span', {});
    if (!met && !order.pause) ticking.push({ element, at: Date.parse(at) });
    return h('div', {}, h('dt', {}, t(`deadline.${name}`)),
      h('dd', {}, met ? h('span', { class: 'met' }, p('due.met')) : order.pause ? t('deadline.paused') : element,
        at ? h('span', { class: 'at' }, clockTime(at, false)) : null));
  };
  const list = [
    due('accept', own.acceptBy, kRank[own.state] >= 1),
    due('arrive', own.arriveBy, kRank[own.state] >= 3),
    due('finish', order.finishBy, ['handled', 'verified'].includes(order.state)),
    order.supervision && !order.supervision.answer ? due('reply', order.supervision.replyBy, false) : null,
  ].filter(Boolean);
  return h('section', {}, h('h2', {}, p('deadlines')), h('dl', { class: 'deadlines' }, list));
}

// ---- controls -------------------------------------------------------------------------------------

const typed = (name, input) => {
  input.dataset.key = name;
  input.value = draft[name];
  input.addEventListener('input', () => {
    draft[name] = input.value;
    draft.problem = draft.returnProblem = '';
    for (const problem of document.querySelectorAll('.problem')) problem.textContent = '';
  });
  return input;
};
const labelled = (name, input) => h('label', {}, h('span', {}, name), input);
const number = (name, label) => labelled(label, typed(name, h('input', { type: 'number', inputmode: 'numeric', min: '0', max: '999' })));
const big = (key, text, onclick, primary = true) =>
  h('button', { type: 'button', class: `wide${primary ? ' primary' : ''}`, 'data-key': key, onclick }, text);

/// A whole minute: nobody promises seconds.
const etaIn = (minutes) => new Date(Math.ceil(now() / kMinute + minutes) * kMinute).toISOString();

function acceptControl({ press, redraw }) {
  const choose = (minutes) => { draft.minutes = minutes; redraw(); };
  const own = h('input', { type: 'number', inputmode: 'numeric', min: '1', max: '600', value: draft.minutes, 'data-key': 'minutes' });
  own.addEventListener('change', () => choose(Math.min(600, Math.max(1, Math.round(Number(own.value)) || 10))));
  return h('div', {}, h('fieldset', {}, h('legend', {}, p('accept.eta')),
    h('div', { class: 'choices' }, kMinutes.map((minutes) => h('button', {
      type: 'button', 'data-key': `minutes-${minutes}`, 'aria-pressed': String(minutes === draft.minutes), onclick: () => choose(minutes),
    }, String(minutes))))), labelled(p('accept.minutes'), own),
  big('accept', p('accept.do', { n: draft.minutes }), () => press({ step: 'accept', eta: etaIn(draft.minutes) })));
}

/// Photos go with the step that is pressed next: a result or a return.
function photoControl({ photos, addPhotos }, key) {
  const input = h('input', { type: 'file', accept: 'image/*', multiple: true, class: 'unseen', 'data-key': `photo-${key}`, id: `photo-${key}` });
  input.addEventListener('change', () => addPhotos([...input.files]));
  const count = photos().length;
  return h('div', { class: 'photos' }, input, h('label', { class: 'file', for: `photo-${key}` }, p('photo.add')),
    h('p', { class: 'minor', role: 'status' }, draft.photoProblem || (count > 0 ? p('photo.count', { n: count }) : '')));
}

function select(name, label, options) {
  const element = h('select', {}, h('option', { value: '' }, p('finding.choose')), options.map(([value, text]) => h('option', { value }, text)));
  return labelled(label, typed(name, element));
}

function findingControl(data, tools) {
  const { press, redraw } = tools;
  const life = isLife(data);
  if (life) {
    draft.finding ||= 'confirmed';
    draft.action ||= 'rescued';
  }
  const actions = data.actions.filter((a) => life || a.code !== 'rescued');
  const problem = h('p', { class: 'problem', role: 'alert' }, draft.problem ?? '');
  const form = h('form', { novalidate: true },
    select('finding', p('finding.finding'), data.findings.map((f) => [f.code, said(f)])),
    select('action', p('finding.action'), actions.map((a) => [a.code, said(a)])),
    life ? [h('div', { class: 'pair' }, number('people', p('finding.people')), number('injured', p('finding.injured'))),
      select('cause', p('finding.cause'), kCauses.map((code) => [code, p(`cause.${code}`)]))] : null,
    labelled(p('finding.note'), typed('note', h('textarea', { rows: '2', maxlength: '500' }))), photoControl(tools, 'finding'), problem,
    h('button', { type: 'submit', class: 'wide primary', 'data-key': 'finding' }, p('finding.do')));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const rescue = draft.action === 'rescued';
    draft.problem = !draft.finding || !draft.action ? p('finding.missing')
      : rescue && (draft.people === '' || draft.injured === '' || !draft.cause) ? p('finding.missing.rescue') : '';
    if (draft.problem) { redraw(); return; }
    const body = { step: 'finding', finding: draft.finding, action: draft.action };
    for (const name of ['people', 'injured']) if (life && draft[name] !== '') body[name] = Number(draft[name]);
    if (life && draft.cause) body.cause = draft.cause;
    if (draft.note.trim()) body.note = draft.note.trim();
    if (tools.photos().length > 0) body.photos = tools.photos();
    press(body);
  });
  return form;
}

function returnControl(data, tools) {
  const { press, redraw } = tools;
  const life = isLife(data);
  const form = h('form', { novalidate: true }, h('p', { class: 'minor' }, p(life ? 'return.why.life' : 'return.why')),
    labelled(p('return.reason'), typed('reason', h('textarea', { rows: '2', maxlength: '500' }))),
    life ? null : labelled(p('return.evidence'), typed('evidence', h('textarea', { rows: '2', maxlength: '500' }))),
    photoControl(tools, 'return'), h('p', { class: 'problem', role: 'alert' }, draft.returnProblem ?? ''),
    h('button', { type: 'submit', class: 'wide', 'data-key': 'return' }, p('return.do')));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    draft.returnProblem = !draft.reason.trim() || (!life && !draft.evidence.trim()) ? p('return.missing') : '';
    if (draft.returnProblem) { redraw(); return; }
    const photos = tools.photos();
    press({ step: 'return', reason: draft.reason.trim(), ...(life ? {} : { evidence: draft.evidence.trim() }), ...(photos.length ? { photos } : {}) });
    draft.reason = '';
    draft.evidence = '';
  });
  return h('details', { 'data-key': 'return-form' }, h('summary', { 'data-key': 'return-summary' }, p('step.return')), form);
}

// ---- steps ----------------------------------------------------------------------------------------

/// What a step says once it is done or pressed.
function doneText(data, step, said_) {
  if (step === 'accept') {
    const eta = said_?.eta ?? ownOf(data).eta;
    return eta ? p('done.accept', { eta: clockTime(eta, false) }) : p('done.accept.plain');
  }
  if (step === 'finding') {
    const verdict = said_ ?? data.order.verdict;
    return p('done.finding', { finding: wordFrom(data.findings, verdict?.finding), action: wordFrom(data.actions, verdict?.action) });
  }
  return p(`done.${step}`);
}

/// `outbox`: {unsent, sent}, as makeOutbox gives them.
function steps(data, outbox, tools) {
  const { order } = data;
  const own = ownOf(data);
  const pressed = [...outbox.sent().filter((i) => !i.refused).map((item) => ({ ...item, where: 'sent' })),
    ...outbox.unsent().map((item) => ({ ...item, where: 'unsent' }))];
  const history = [...order.history].reverse();
  const projected = Math.max(kRank[own.state] ?? 0, ...pressed.map((item) => kStepRank[item.body.step] ?? 0));
  const rows = [];
  for (const step of Object.keys(kStepRank)) {
    const waiting = pressed.find((item) => item.body.step === step);
    const told = history.find((s) => s.step === step && s.by === data.unit);
    if (waiting) {
      rows.push(h('li', {}, h('div', { class: `waiting ${waiting.where}` }, h('span', {}, doneText(data, step, waiting.body)),
        h('span', { class: 'time' }, p(`state.${waiting.where}`)))));
    } else if (kRank[own.state] >= kStepRank[step] && (told || step !== 'en_route')) {
      rows.push(h('li', {}, h('div', { class: 'done' }, h('span', {}, doneText(data, step)), h('span', { class: 'time' }, told ? clockTime(told.at, false) : ''))));
    }
  }
  const returned = pressed.find((item) => item.body.step === 'return');
  if (returned || order.returning?.by === data.unit || own.declined)
    rows.push(h('li', {}, h('div', { class: returned ? 'waiting' : 'done' }, h('span', {}, p('done.return')),
      returned ? h('span', { class: 'time' }, p(`state.${returned.where}`)) : null)));
  if (!isOpen(order)) {
    rows.push(h('li', {}, h('strong', {}, p(`over.${order.state}`))));
    return h('section', {}, h('h2', {}, p('steps')), h('ol', { class: 'steps' }, rows));
  }
  const findingOver = ['handled', 'verified'].includes(order.state) && own.state === 'handled';
  if (projected < 1) rows.push(h('li', {}, acceptControl(tools)));
  if (projected < 2) rows.push(h('li', {}, big('en_route', p('en_route.do'), () => tools.press({ step: 'en_route' }), projected === 1)));
  if (projected < 3) rows.push(h('li', {}, big('arrived', p('arrived.do'), () => tools.press({ step: 'arrived' }), projected === 2)));
  if (projected < 3) rows.push(h('li', { class: 'minor' }, p('finding.later')));
  else if (!findingOver && !pressed.some((item) => item.body.step === 'finding')) rows.push(h('li', {}, findingControl(data, tools)));
  return h('section', {}, h('h2', {}, p('steps')), h('ol', { class: 'steps' }, rows));
}

// ---- others ---------------------------------------------------------------------------------------

function people(data) {
  return h('details', { 'data-key': 'people' }, h('summary', { 'data-key': 'people-summary' }, p('people', { n: data.order.responders.length })),
    h('ul', { class: 'people' }, data.order.responders.map((r) => h('li', {},
      h('span', {}, nameOf(r.unit), h('span', { class: 'minor' }, ` ${[t('card.level', { n: r.level }), word('role', r.role)].join(' · ')}`)),
      h('span', {}, word('order', r.state))))));
}

function history(data) {
  const list = [...data.order.history].reverse();
  return h('details', { 'data-key': 'history' }, h('summary', { 'data-key': 'history-summary' }, p('history', { n: list.length })),
    h('ol', { class: 'history' }, list.map((step) => h('li', {},
      h('div', { class: 'head' }, h('strong', {}, word('step', step.step)), h('span', {}, clockTime(step.at))),
      h('p', { class: 'minor' }, said(step.why))))));
}

export function showOrder(data, outbox, tools) {
  ticking = [];
  return [what(data), deadlines(data), steps(data, outbox, tools), asked(data), why(data),
    isOpen(data.order) ? returnControl(data, tools) : null, people(data), history(data),
    h('p', { class: 'minor' }, p('expires', { when: clockTime(data.expires, false) }))];
}
