// What stands in each view: which rows, in which order, with which cells.

import { said, saying, t, word } from './catalogue.js';
import { h, mark } from './dom.js';
import {
  childrenOf, claimedBy, factsOf, isMatterOpen, isNotice, isOpen, isOrderOpen, isShelved, isUnanswered, matterDeadline, model, orderDeadlines, receiptDeadline, ordersOf, person, placeName, reasonsOf,
  storyNames, versionOf, warningDeadline, warningsOf,
} from './model.js';
import { preferences } from './preferences.js';
import { clockTime } from './time.js';

const kOrderStates = ['dispatched', 'accepted', 'en_route', 'arrived', 'handled', 'verified'];

const byOrder = (a, b) => (a.order < b.order ? -1 : 1);

export const titleOf = (item) => said(item.title) || item.rule || item.item;
const place = (entity) => h('span', { class: 'place' }, placeName(entity));

function stateText(warning) {
  const cell = [h('span', { class: 'state' }, isShelved(warning) ? word('state', 'shelved') : word('state', warning.state))];
  if (warning.condition !== 'active') cell.push(h('span', { class: 'minor' }, word('condition', warning.condition)));
  const order = ordersOf(warning)[0];
  if (order && isOrderOpen(order)) cell.push(h('span', { class: 'minor' }, word('order', order.state)));
  return cell;
}

function owner(warning, gone) {
  if (gone) return h('span', { class: 'minor' }, t('row.gone'));
  if (model.sending.has(warning.id)) return h('span', { class: 'minor' }, t('row.sending'));
  const by = claimedBy(warning);
  if (!by) return '';
  return h('span', { class: by === preferences.seat ? 'mine' : 'other' }, by === preferences.seat ? t('owner.mine') : person(by));
}

/// The one sentence that stands on a row: what fired it; else what is known.
export function whySentence(warning) {
  const reasons = reasonsOf(warning);
  return said(reasons.fired[0] ?? reasons.state[0] ?? reasons.priority[0]) || warning.rule;
}

function what(warning, extra = []) {
  return [
    h('span', { class: 'title' }, titleOf(warning), ...extra),
    place(warning.entity),
    h('span', { class: 'why' }, whySentence(warning)),
  ];
}

const searchText = (item) => [
  item.id, item.entity, item.rule, item.item, item.title?.zh, item.title?.en, item.district,
  factsOf(item.entity).name, factsOf(item.entity).address, factsOf(item.entity).rescueCode,
].join(' ').toLowerCase();

const queue = {
  columns: ['priority', 'deadline', 'what', 'state', 'since', 'owner'],
  canGroup: true,
  rows() {
    const rows = [];
    for (const story of storyNames()) {
      const warnings = warningsOf(story);
      const lead = warnings[0];
      if (!lead || !isOpen(lead) || (isShelved(lead) && lead.priority !== 'P1')) continue;
      rows.push(this.row(story, warnings));
    }
    return rows.sort(byOrder);
  },
  find(id) {
    const warnings = warningsOf(id);
    return warnings[0] ? this.row(id, warnings) : null;
  },
  row(story, warnings) {
    const lead = warnings[0];
    const open = warnings.filter(isOpen).length;
    const under = warnings.flatMap(childrenOf).filter((child) => child.state === 'suppressed');
    return {
      id: story, warning: lead, entity: lead.entity, order: lead.priority + lead.since + story,
      priority: lead.priority, group: lead.rule, groupTitle: titleOf(lead), linked: open - 1, under,
      get version() { return versionOf(lead, `${open}.${under.length}`); }, gone: !isOpen(lead), away: claimedBy(lead) && claimedBy(lead) !== preferences.seat,
      text: () => searchText(lead), deadline: () => (isOpen(lead) ? warningDeadline(lead) : null),
    };
  },
  cells(row) {
    const w = row.warning;
    const extra = [
      isNotice(w) ? h('span', { class: 'tag strong' }, t('row.notice')) : null,
      row.linked > 0 ? h('span', { class: 'tag' }, t('row.linked', { n: row.linked })) : null,
      row.under.length > 0 ? h('span', { class: 'tag', title: row.under.map((child) => `${titleOf(child)} · ${placeName(child.entity)}`).join('\n') },
        t('row.under', { n: row.under.length })) : null,
      w.count > 1 ? h('span', { class: 'tag' }, t('row.count', { n: w.count })) : null,
      w.exercise ? h('span', { class: 'tag drill' }, t('exercise')) : null,
    ];
    return {
      priority: mark(w.priority, word('priority', w.priority)),
      what: what(w, extra),
      state: stateText(w),
      since: clockTime(w.since, true),
      owner: owner(w, row.gone),
    };
  },
};

const orders = {
  columns: ['priority', 'deadline', 'what', 'responders', 'since'],
  sectionTitle: (state) => word('order', state),
  rows() {
    return [...model.orders.values()].filter(isOrderOpen).map((order) => this.row(order))
      .sort(byOrder);
  },
  find(id) {
    const order = model.orders.get(id);
    return order ? this.row(order) : null;
  },
  row(order) {
    const first = orderDeadlines(order)[0];
    return {
      id: order.id, orderItem: order, warning: model.warnings.get(order.warnings?.[0]), entity: order.entity,
      priority: order.priority, section: order.state,
      order: kOrderStates.indexOf(order.state) + order.priority + String(first?.at ?? 9e15).padStart(16, '0') + order.id,
      version: `${order.id}.${order.revision}.${model.sending.has(order.id)}`, gone: !isOrderOpen(order), text: () => searchText(order), deadline: () => first ?? null, paused: order.pause,
    };
  },
  cells(row) {
    const order = row.orderItem;
    const rung = order.supervision ? h('span', { class: 'tag strong' }, word('rung', order.supervision.level)) : null;
    const returns = order.returns > 0 ? h('span', { class: 'tag' }, `${t('fact.returns')} ${order.returns}`) : null;
    return {
      priority: mark(order.priority, word('priority', order.priority)),
      what: [h('span', { class: 'title' }, titleOf(order), rung, returns), place(order.entity),
        row.warning ? h('span', { class: 'why' }, `${titleOf(row.warning)} · ${whySentence(row.warning)}`) : null].filter(Boolean),
      responders: (order.responders ?? []).map((responder) =>
        h('span', { class: 'responder' },
          h('span', { class: 'level' }, t('card.level', { n: responder.level })), person(responder.unit),
          h('span', { class: 'minor' }, word('order', responder.state)))),
      since: order.history?.[0] ? clockTime(order.history[0].at, true) : '–',
    };
  },
};

const quiet = {
  columns: ['priority', 'what', 'reason', 'state', 'since'],
  rows() {
    return [...model.warnings.values()].filter((w) => !isOpen(w) || isShelved(w)).map((w) => this.row(w))
      .sort((a, b) => (a.order < b.order ? 1 : -1));
  },
  find(id) {
    const warning = model.warnings.get(id);
    return warning ? this.row(warning) : null;
  },
  row(w) {
    return {
      id: w.id, warning: w, entity: w.entity, priority: w.priority, order: (w.at ?? w.since) + w.id,
      get version() { return versionOf(w); }, gone: false, text: () => searchText(w), deadline: () => null,
    };
  },
  cells(row) {
    const w = row.warning;
    return {
      priority: mark(w.priority, word('priority', w.priority)),
      what: [h('span', { class: 'title' }, titleOf(w)), place(w.entity)],
      reason: h('span', { class: 'why' }, quietSentence(w)),
      state: stateText(w),
      since: clockTime(w.at ?? w.since, true),
    };
  },
};

/// What a receipt is about, as far as that is certain.
export const aboutText = (receipt) =>
  receipt.about ? placeName(receipt.about)
    : receipt.candidates?.length ? t('receipt.candidates', { n: receipt.candidates.length }) : t('receipt.unplaced');

/// Answered, and nobody has asked yet whether the complainant is satisfied.
const isToRevisit = (receipt) => ['answered_directly', 'replied'].includes(receipt.state);

const receipts = {
  columns: ['receipt', 'what', 'state', 'deadline', 'since'],
  sectionTitle: (name) => t(`section.${name}`),
  rows() {
    return [...model.complaints.values()].filter((receipt) => isUnanswered(receipt) || isToRevisit(receipt)).map((receipt) => this.row(receipt))
      .sort(byOrder);
  },
  find(id) {
    const receipt = model.complaints.get(id);
    return receipt ? this.row(receipt) : null;
  },
  row(receipt) {
    const since = receipt.history?.[0]?.at ?? '';
    return {
      id: receipt.id, receiptItem: receipt, entity: receipt.receipt, priority: '', section: isToRevisit(receipt) ? 'to_revisit' : undefined,
      order: (isToRevisit(receipt) ? '2' : receipt.about ? '1' : '0') + since + receipt.id,
      version: `${receipt.id}.${receipt.revision}.${model.sending.has(receipt.id)}`, gone: !isUnanswered(receipt) && !isToRevisit(receipt),
      text: () => [receipt.receipt, receipt.channel, receipt.about, aboutText(receipt), ...(receipt.labels ?? [])].join(' ').toLowerCase(),
      deadline: () => receiptDeadline(receipt),
    };
  },
  cells(row) {
    const receipt = row.receiptItem;
    const last = receipt.history?.at(-1);
    return {
      receipt: [h('span', { class: 'title' }, receipt.receipt.split('/').slice(1).join('/')),
        h('span', { class: 'minor' }, `${receipt.channel} · ${word('complaint', receipt.kind)}`)],
      what: [h('span', { class: 'title' }, (receipt.labels ?? []).join('、') || word('category', receipt.category),
        receipt.about ? null : h('span', { class: 'tag strong' }, aboutText(receipt))),
      receipt.about ? h('span', { class: 'place' }, aboutText(receipt)) : null,
      h('span', { class: 'why' }, said(last?.why))].filter(Boolean),
      state: h('span', { class: 'state' }, word('receipt', receipt.state)),
      since: receipt.history?.[0] ? clockTime(receipt.history[0].at, true) : '–',
    };
  },
};

const matters = {
  columns: ['party', 'what', 'state', 'deadline', 'since'],
  rows() {
    return [...model.matters.values()].filter(isMatterOpen).map((matter) => this.row(matter))
      .sort(byOrder);
  },
  find(id) {
    const matter = model.matters.get(id);
    return matter ? this.row(matter) : null;
  },
  row(matter) {
    const due = matterDeadline(matter);
    return {
      id: matter.id, matterItem: matter, entity: matter.party, priority: '',
      order: String(due?.at ?? 9e15).padStart(16, '0') + matter.id,
      version: `${matter.id}.${matter.revision}.${model.entities.has(matter.entity)}`, gone: !isMatterOpen(matter),
      text: () => [matter.id, matter.party, matter.behaviour, matter.title?.zh, matter.title?.en, matter.entity, placeName(matter.entity)].join(' ').toLowerCase(),
      deadline: () => matterDeadline(matter),
    };
  },
  cells(row) {
    const matter = row.matterItem;
    return {
      party: [h('span', { class: 'title' }, person(matter.party)), h('span', { class: 'minor' }, word('kind', matter.party.split('/')[0]))],
      what: [h('span', { class: 'title' }, titleOf(matter), h('span', { class: 'tag strong' }, word('proposal', matter.proposal.what)),
        matter.earlier.length ? h('span', { class: 'tag' }, t('matter.number', { n: matter.earlier.length + 1 })) : null),
      place(matter.entity), h('span', { class: 'why' }, said(matter.proposal.why))],
      state: h('span', { class: 'state' }, word('matter', matter.state)),
      since: clockTime(matter.foundAt, true),
    };
  },
};

/// How far a device or a rule is believed, since its first verdict.
export const trustOf = (status) => (status?.trust ? saying(t(status.trust.trusted ? 'trust.yes' : 'trust.no'), said(status.trust.why)) : '');

/// Why nothing is heard of it: who or what, and until when.
export function quietSentence(warning) {
  if (isShelved(warning))
    return `${person(warning.shelved.by)} · ${warning.shelved.reason} · ${t('ask.until')} ${clockTime(warning.shelved.until, false)}`;
  const reasons = reasonsOf(warning).state;
  const code = warning.stateReason ? word('reason', warning.stateReason) : '';
  const why = said(reasons.at(-1));
  return (code && why ? saying(code, why) : code || why) || t('why.unknown');
}

export const views = { queue, orders, quiet, receipts, matters };
