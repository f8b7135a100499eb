// The panel beside the list: for a warning its reasons first, then whom to call, orders and evidence;
// for an order its responders, deadlines and steps. What it shows is the record, in words.

import { loadPhotos, loadWarning } from './api.js';
import { said, script, t, word } from './catalogue.js';
import { h, mark, renew, setText } from './dom.js';
import {
  childrenOf, claimedBy, factsOf, isOpen, isOrderOpen, isShelved, isMatterOpen, isUnanswered, matterDeadline, model, ordersOf, parentOf, person, placeName, reasonsOf, storyOf,
  warningsOf,
} from './model.js';
import { preferences } from './preferences.js';
import { aboutText, quietSentence, titleOf } from './rows.js';
import { legalSteps, stepTitle } from './steps.js';
import { clockTime, now, span } from './time.js';

let target = null;  // the warning or order that commands act on
let ticking = [];   // {element, at}

export const detailTarget = () => target;

const fact = (name, value) => (value === null || value === undefined || value === '' ? null : [h('dt', {}, name), h('dd', {}, value)]);
const facts = (...pairs) => h('dl', { class: 'facts' }, pairs.filter(Boolean).flat());
const section = (title, ...content) => h('section', {}, h('h3', {}, title), content);
const fold = (key, title, open, ...content) =>
  h('details', { 'data-key': key, open }, h('summary', { 'data-key': `${key}-summary` }, title), content);

function due(at) {
  const element = h('span', { class: 'due' });
  ticking.push({ element, at: Date.parse(at) });
  return element;
}
export function tickDetail() {
  for (const { element, at } of ticking) {
    const left = at - now();
    setText(element, `${left < 0 ? `${t('deadline.over')} ` : ''}${span(left)}`);
    element.classList.toggle('over', left < 0);
  }
}

export function button(command, run, primary = false) {
  return h('button', { type: 'button', class: primary ? 'primary' : '', 'data-key': command.name, onclick: run },
    t(`do.${command.name}`), h('kbd', {}, command.keys[0]));
}

// Steps that have a command with a key; the rest are in the menu as well (key `w`).
const kCommandOf = {
  warning: { claim: 'claim', release: 'release', confirm: 'confirm', dismiss: 'dismiss', shelve: 'shelve', unshelve: 'unshelve', reopen: 'reopen', call_logged: 'call' },
  order: { recall: 'recall', call_logged: 'call' },
  complaint: { resolve_entity: 'resolve', finding: 'answer', call_logged: 'call' },
  matter: {},
};

/// A button for every step that is legal now for `item`, but for those named in `without`; phones' links are
/// given and taken back beside their responder.
function offered(of, item, { commands, run, take }, without = []) {
  return legalSteps(of, item).filter((rule) => !without.includes(rule.step) && !rule.step.startsWith('link_')).map((rule) => {
    const command = commands[kCommandOf[of][rule.step]];
    if (command) return button(command, () => (run[command.name] ?? run.shelve)());
    return h('button', { type: 'button', 'data-key': `${item.id}-${rule.step}`, onclick: () => take(of, item, rule) }, stepTitle(rule));
  });
}

function head(item, kind) {
  return h('header', {},
    h('div', { class: 'line' }, mark(item.priority, word('priority', item.priority)),
      h('h2', {}, titleOf(item)),
      item.exercise ? h('span', { class: 'tag drill' }, t('exercise')) : null),
    h('p', { class: 'where' }, placeName(item.entity), h('span', { class: 'minor' }, factsOf(item.entity).address ?? '')),
    h('p', { class: 'minor' },
      [word(kind, item.state), kind === 'state' && item.condition !== 'active' ? word('condition', item.condition) : '',
        kind === 'state' && claimedBy(item) ? person(claimedBy(item)) : ''].filter(Boolean).join(' · ')));
}

function reasonRow(question, reasons, fallback) {
  const sentences = reasons.map(said).filter(Boolean);
  if (sentences.length === 0 && !fallback) return null;
  return [h('dt', {}, question), h('dd', {}, sentences.length ? sentences.map((s) => h('p', {}, s)) : fallback)];
}

function why(warning) {
  const reasons = reasonsOf(warning);
  const quiet = !isOpen(warning) || isShelved(warning);
  return h('dl', { class: 'reasons' }, [
    reasonRow(t('why.fired'), reasons.fired, t('why.unknown')),
    reasonRow(t('why.priority'), reasons.priority, t('why.unknown')),
    quiet ? [h('dt', {}, t('why.quiet')), h('dd', {}, quietSentence(warning))] : reasonRow(t('why.state'), reasons.state, ''),
  ].filter(Boolean).flat());
}

// ---- the P1 card ----------------------------------------------------------------------------------

export const callsTo = (order, unit) =>
  (order.history ?? []).filter((step) => step.step === 'call_logged' && said(step.why).includes(person(unit))).length;

/// Whom to call, in order: lowest level first, within it those who have not accepted.
export function contacts(order) {
  const rank = (r) => r.level * 10 + (r.state === 'dispatched' ? 0 : r.state === 'recalled' ? 2 : 1);
  return [...(order.responders ?? [])].sort((a, b) => rank(a) - rank(b));
}
export function nextContact(order) {
  const list = contacts(order);
  return list.find((r) => r.state === 'dispatched' && callsTo(order, r.unit) === 0) ?? list.find((r) => r.state === 'dispatched') ?? list[0];
}

const linkButton = (responder, onLink) =>
  h('button', { type: 'button', class: 'quiet', 'data-key': `link-${responder.unit}`, 'aria-label': `${t('do.link')} ${person(responder.unit)}`, onclick: () => onLink(responder) },
    t('do.link'));

function contact(order, responder, next, { call, link }) {
  const deadline = responder.state === 'dispatched' ? responder.acceptBy : responder.arriveBy;
  const kind = responder.state === 'dispatched' ? 'accept' : 'arrive';
  const running = ['dispatched', 'accepted', 'en_route'].includes(responder.state);
  const calls = callsTo(order, responder.unit);
  return h('li', { class: next ? 'next' : '' },
    h('div', {},
      h('div', { class: 'line' },
        h('strong', {}, person(responder.unit)),
        responder.phone ? h('span', { class: 'phone' }, responder.phone) : null,
        h('span', { class: 'state' }, word('order', responder.state)),
        next ? h('span', { class: 'tag strong' }, t('card.next')) : null),
      h('div', { class: 'line minor' },
        h('span', {}, [t('card.level', { n: responder.level }), word('role', responder.role), word('added', responder.why)].filter(Boolean).join(' · ')),
        running && deadline ? h('span', {}, `${t(`deadline.${kind}`)} `, due(deadline)) : null,
        running && responder.eta ? h('span', {}, `${t('card.eta')} `, due(responder.eta)) : null,
        calls > 0 ? h('span', {}, t('card.calls', { n: calls })) : null)),
    h('div', { class: 'tools' }, h('button', { type: 'button', class: next ? 'primary' : '', 'data-key': `call-${responder.unit}`, onclick: () => call(responder) },
      t('card.log'), next ? h('kbd', {}, 'l') : null), linkButton(responder, link)));
}

function card(warning, order, run) {
  const known = factsOf(warning.entity);
  const list = order ? contacts(order) : [];
  const next = order ? nextContact(order) : null;
  const values = { place: `${known.address ?? ''} ${placeName(warning.entity)}`.trim(), code: known.rescueCode ?? '–', since: clockTime(warning.since, false) };
  return h('section', { class: 'card', 'aria-label': t('card.title') },
    h('div', { class: 'codes' },
      known.rescueCode ? h('div', {}, h('h3', {}, t('card.code')), h('p', { class: 'code' }, known.rescueCode)) : null,
      known.phone ? h('div', {}, h('h3', {}, t('card.site')), h('p', { class: 'code' }, known.phone)) : null),
    h('h3', {}, t('card.call')),
    list.length ? h('ol', { class: 'contacts' }, list.map((r) => contact(order, r, r === next, run))) : h('p', { class: 'minor' }, t('card.nobody')),
    h('h3', {}, t('card.say')),
    h('ol', { class: 'script' }, script(order?.item, values).map((line) => h('li', {}, line))));
}

// ---- orders, evidence -----------------------------------------------------------------------------

function respondersTable(order, onLink) {
  return h('ul', { class: 'responders' }, (order.responders ?? []).map((r) => {
    const waiting = r.state === 'dispatched';
    const deadline = !isOrderOpen(order) ? null : waiting ? r.acceptBy : ['accepted', 'en_route'].includes(r.state) ? r.arriveBy : null;
    return h('li', {},
      h('span', { class: 'level' }, t('card.level', { n: r.level })), h('span', { class: 'grow' }, person(r.unit)),
      h('span', {}, word('order', r.state)),
      deadline ? h('span', {}, `${t(waiting ? 'deadline.accept' : 'deadline.arrive')} `, due(deadline)) : null,
      onLink && isOrderOpen(order) ? linkButton(r, onLink) : null);
  }));
}

const verdictText = (verdict) => verdict && [word('finding', verdict.finding), word('action', verdict.action), verdict.people ? t('verdict.people', { n: verdict.people }) : '', person(verdict.by), clockTime(verdict.at), verdict.note]
  .filter(Boolean).join(' · ');

function orderFacts(order) {
  const s = order.supervision;
  return facts(
    fact(t('deadline.finish'), order.finishBy && isOrderOpen(order) ? [clockTime(order.finishBy), ' · ', due(order.finishBy)] : null),
    fact(t('fact.supervision'), s ? [word('rung', s.level), ' → ', person(s.to), s.answer ? ` · ${s.answer}` : ''] : null),
    fact(t('fact.pause'), order.pause ? `${order.pause.reason} · ${clockTime(order.pause.until)}` : null),
    fact(t('fact.extension'), order.extension ? `${order.extension.reason} · ${clockTime(order.extension.until)}` : null),
    fact(t('fact.verdict'), verdictText(order.verdict)),
    fact(t('fact.returns'), order.returns > 0 ? `${order.returns} · ${t('fact.attempt', { n: order.attempt })}` : null));
}

function history(order, open) {
  const steps = order.history ?? [];
  return fold(`history-${order.id}`, t('section.history', { n: steps.length }), open,
    h('ol', { class: 'steps' }, [...steps].reverse().map((step) => h('li', {},
      h('span', { class: 'at' }, clockTime(step.at)),
      h('span', { class: 'grow' }, h('strong', {}, word('step', step.step)), ' ', person(step.by),
        h('span', { class: 'why' }, said(step.why)))))));
}

/// Read when they are asked for: they are large, and of few orders.
function photos(order) {
  const box = h('div', { class: 'photos' });
  const details = fold(`photos-${order.id}`, t('section.photos'), false, box);
  details.addEventListener('toggle', async () => {
    if (!details.open || box.childElementCount > 0) return;
    try {
      const pictures = await loadPhotos(order.id);
      box.replaceChildren(...(pictures.length ? pictures.map((data, i) => h('img', { src: data, alt: t('photos.alt', { n: i + 1 }) }))
        : [h('p', { class: 'minor' }, t('photos.none'))]));
    } catch (error) {
      box.replaceChildren(h('p', { class: 'problem' }, t('photos.failed', { reason: error.message })));
    }
  });
  return details;
}

const orderBlock = (order, handlers) =>
  h('div', { class: 'order' }, h('div', { class: 'line' }, h('strong', { class: 'grow' }, titleOf(order)), h('span', { class: 'state' }, word('order', order.state))),
    respondersTable(order), orderFacts(order), h('div', { class: 'actions' }, offered('order', order, handlers, ['call_logged'])), history(order, false), photos(order));

/// The board leaves evidence out: it is asked for when a warning is shown, and kept with it.
async function fetchEvidence(warning, redraw) {
  try {
    const { data } = await loadWarning(warning.id);
    const known = model.warnings.get(warning.id) ?? warning;
    if (data.revision === known.revision) known.evidence = data.evidence;
    warning.evidence = data.evidence;
  } catch {
    warning.evidence = [];
  }
  if (target?.warning?.id === warning.id) redraw();
}

function evidence(warning, redraw) {
  if (!warning.evidence) fetchEvidence(warning, redraw);
  const list = warning.evidence ?? [];
  return fold('evidence', t('section.evidence', { n: warning.evidence ? list.length : '…' }), false,
    list.length === 0 ? h('p', { class: 'minor' }, t('evidence.none'))
      : h('ul', { class: 'evidence' }, list.map((item) => h('li', {},
        h('div', { class: 'line' }, h('span', { class: 'at' }, clockTime(item.time)), h('span', { class: 'grow minor' }, `${item.source} · ${item.from}`)),
        item.usable === false ? h('p', { class: 'caution' }, t('evidence.unusable')) : null,
        h('p', { class: 'read' }, Object.entries(item.data ?? {}).map(([key, value]) =>
          h('span', {}, h('span', { class: 'minor' }, key), ` ${typeof value === 'object' ? JSON.stringify(value) : value}`)))))));
}

// ---- panels ---------------------------------------------------------------------------------------

export function showWarning(panel, warning, handlers) {
  target = { warning, order: ordersOf(warning).find(isOrderOpen) ?? null };
  ticking = [];
  const order = target.order;
  const urgent = warning.priority === 'P1' || order?.item === 'elevator.rescue';
  const others = warningsOf(storyOf(warning)).filter((w) => w.id !== warning.id);
  const mine = claimedBy(warning) === preferences.seat && claimedBy(warning) !== null;
  const without = [mine ? 'claim' : 'release', isShelved(warning) ? 'shelve' : 'unshelve', ...(warning.screened ? ['confirm', 'dismiss'] : []), ...(urgent && order ? ['call_logged'] : [])];
  const links = (title, warnings) => warnings.length === 0 ? null : section(title, h('ul', { class: 'links' }, warnings.map((w) => h('li', {},
    h('button', { type: 'button', class: 'link', 'data-key': w.id, onclick: () => showWarning(panel, w, handlers) },
      mark(w.priority, word('priority', w.priority)), titleOf(w),
      h('span', { class: 'minor' }, [w.entity === warning.entity ? '' : placeName(w.entity), word('state', w.state)].filter(Boolean).join(' · ')))))));
  const actions = [...offered('warning', warning, handlers, without), button(handlers.commands.entity, handlers.run.entity)];
  renew(panel,
    head(warning, 'state'),
    h('div', { class: 'actions' }, actions),
    why(warning),
    urgent && isOpen(warning) ? card(warning, order, handlers.run) : null,
    ordersOf(warning).length ? section(t('section.orders'), ordersOf(warning).map((o) => orderBlock(o, handlers))) : null,
    evidence(warning, () => showWarning(panel, model.warnings.get(warning.id) ?? warning, handlers)),
    links(t('section.story'), others),
    links(t('section.parent'), [parentOf(warning)].filter(Boolean)),
    links(t('section.children'), childrenOf(warning)),
    fold('record', t('section.record'), false, facts(
      fact(t('fact.id'), warning.id), fact(t('fact.rule'), `${warning.rule} · ${warning.ruleVersion}`),
      fact(t('fact.since'), clockTime(warning.since)), fact(t('fact.condition'), word('condition', warning.condition)),
      fact(t('fact.screened'), warning.screened ? `${word('result', warning.screened.result)} · ${person(warning.screened.by)} · ${warning.screened.reason}` : ''))));
  tickDetail();
}

export function showOrder(panel, order, warning, handlers) {
  target = { main: 'order', warning: warning ?? null, order };
  ticking = [];
  renew(panel,
    head(order, 'order'),
    h('div', { class: 'actions' },
      offered('order', order, handlers),
      button(handlers.commands.entity, handlers.run.entity)),
    warning ? why(warning) : null,
    section(t('column.responders'), respondersTable(order, handlers.run.link)),
    orderFacts(order),
    history(order, true),
    photos(order),
    fold('record', t('section.record'), false, facts(fact(t('fact.id'), order.id), fact(t('fact.rule'), order.dutyVersion))));
  tickDetail();
}

/// A receipt: what it is about comes first, for until that is certain nothing else happens.
export function showReceipt(panel, receipt, handlers) {
  target = { warning: null, order: null, receipt };
  ticking = [];
  const undecided = isUnanswered(receipt) && !receipt.about;
  renew(panel,
    h('header', {},
      h('div', { class: 'line' }, h('h2', {}, (receipt.labels ?? []).join('、') || word('category', receipt.category)),
        receipt.exercise ? h('span', { class: 'tag drill' }, t('exercise')) : null),
      h('p', { class: 'where' }, aboutText(receipt)),
      h('p', { class: 'minor' }, [word('receipt', receipt.state), `${receipt.channel} · ${word('complaint', receipt.kind)}`].join(' · '))),
    undecided ? section(t('receipt.which'), h('p', { class: 'minor' }, said(receipt.history?.at(-1)?.why)),
      h('div', { class: 'actions' },
        (receipt.candidates ?? []).map((entity) => h('button', { type: 'button', 'data-key': entity, onclick: () => handlers.run.resolve(entity) },
          placeName(entity))),
        (receipt.alike ?? []).map((one) => h('button', { type: 'button', 'data-key': one.receipt, onclick: () => handlers.run.resolve(one.receipt) },
          t('receipt.alike', { number: one.receipt.split('/').slice(1).join('/'), n: one.percent }))),
        button(handlers.commands.resolve, () => handlers.run.resolve(), true))) : null,
    h('div', { class: 'actions' },
      offered('complaint', receipt, handlers, undecided ? ['resolve_entity'] : []),
      button(handlers.commands.entity, handlers.run.entity)),
    facts(
      fact(t('column.receipt'), receipt.receipt), fact(t('receipt.linked'), receipt.linkedTo),
      ...[['contact', receipt.contacted ? null : receipt.contactBy], ['answer', receipt.replyBy], ['finish', receipt.finishBy]]
        .map(([kind, by]) => fact(t(`deadline.${kind}`), by && isUnanswered(receipt) ? [clockTime(by), ' · ', due(by)] : null)),
      fact(t('receipt.interim'), receipt.interim ? said(receipt.interim.text) : null),
      fact(t('fact.verdict'), verdictText(receipt.verdict)),
      fact(t('receipt.reply'), receipt.reply ? said(receipt.reply.text) : null),
      fact(t('receipt.revisit'), receipt.revisited ? [t(`revisit.${receipt.revisited.satisfied ? 'satisfied' : 'dissatisfied'}`), person(receipt.revisited.by), clockTime(receipt.revisited.at), receipt.revisited.note].filter(Boolean).join(' · ') : null)),
    history(receipt, true));
  tickDetail();
}

const act = (known) => known && [person(known.by), clockTime(known.at), known.text ?? known.note].filter(Boolean).join(' · ');

function grounds(matter) {
  return fold('evidence', t('section.evidence', { n: matter.evidence.length }), true,
    matter.onSite ? h('p', {}, t('matter.onSite', { who: person(matter.foundBy) })) : null,
    h('ul', { class: 'evidence' }, matter.evidence.map((ground) => h('li', {},
      h('div', { class: 'line' }, h('span', { class: 'at' }, clockTime(ground.time)), h('span', { class: 'grow minor' }, ground.device || ground.from)),
      ground.usable ? null : h('p', { class: 'caution' }, `${t('matter.unusable')}：${said(ground.why)}`)))));
}

/// A matter: what the software proposes and why first, then what the law still waits for. Who decides names
/// himself: a seat decides nothing about a party.
export function showMatter(panel, matter, handlers) {
  target = { warning: null, order: null, matter };
  ticking = [];
  const running = matterDeadline(matter);
  renew(panel,
    h('header', {},
      h('div', { class: 'line' }, h('h2', {}, titleOf(matter))),
      h('p', { class: 'where' }, person(matter.party), h('span', { class: 'minor' }, placeName(matter.entity))),
      h('p', { class: 'minor' }, word('matter', matter.state))),
    h('dl', { class: 'reasons' }, [
      reasonRow(t('matter.proposal'), [matter.proposal.why], word('proposal', matter.proposal.what)),
      matter.objections.length ? [h('dt', {}, t('matter.objections')), h('dd', {}, matter.objections.map((one) =>
        h('p', {}, `${person(one.by)}：${one.text}`, ' ', h('span', { class: 'minor' }, one.answeredBy ? `${t('matter.answer')} ${person(one.answeredBy)}：${one.answer}` : t('matter.unanswered')))))] : null,
    ].filter(Boolean).flat()),
    h('div', { class: 'actions' }, offered('matter', matter, handlers), button(handlers.commands.entity, handlers.run.entity)),
    facts(
      fact(t('fact.verdict'), [word('finding', matter.finding), word('action', matter.action), person(matter.foundBy), clockTime(matter.foundAt)].join(' · ')),
      fact(t(`deadline.${running?.kind ?? 'none'}`), running && isMatterOpen(matter) ? [clockTime(new Date(running.at).toISOString()), ' · ', due(new Date(running.at).toISOString())] : null),
      fact(t('step.notified'), act(matter.notified)),
      fact(t('step.corrected'), matter.correction ? `${t(matter.correction.inTime ? 'matter.inTime' : 'matter.late')} · ${act(matter.correction)}` : null),
      fact(t('step.exempt'), act(matter.exemption)), fact(t('step.file_case'), act(matter.filing)),
      fact(t('step.decide'), act(matter.decision)), fact(t('step.served'), act(matter.service)), fact(t('step.paid'), act(matter.payment)),
      fact(t('matter.fine'), said(matter.fine)), fact(t('matter.sources'), matter.sources.join('、'))),
    matter.earlier.length ? section(t('matter.earlier'), h('ul', {}, matter.earlier.map((one) => h('li', {}, `${clockTime(one.foundAt)} · ${word('matter', one.state)}`)))) : null,
    grounds(matter),
    history(matter, true),
    fold('record', t('section.record'), false, facts(fact(t('fact.id'), matter.id), fact(t('fact.rule'), `${matter.behaviour} · ${matter.lawVersion}`))));
  tickDetail();
}

export function showNothing(panel) {
  target = null;
  ticking = [];
  panel.replaceChildren(h('p', { class: 'empty' }, t('empty.detail')));
}
