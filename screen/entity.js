// One entity: what is registered of it, its warnings and orders, and everything that happened to it in
// order of time, each step with who and why.

import { said, t, word } from './catalogue.js';
import { loadEntity } from './api.js';
import { h, mark } from './dom.js';
import { person } from './model.js';
import { titleOf, trustOf } from './rows.js';
import { clockTime } from './time.js';

function stepWords(step) {
  if (step.kind === 'notice')
    return { what: word('step', 'notice'), who: `→ ${person(step.data.to)}`, why: said(step.data.text) };
  if (step.kind === 'rejected')
    return { what: `${word('step', 'rejected')} · ${word('step', step.data.step)}`, who: person(step.data.by), why: said(step.data.reason) };
  if (step.kind === 'complaint')
    return { what: word('step', step.change), who: person(step.by), why: said(step.why), about: step.receipt };
  if (step.kind === 'order' || step.kind === 'matter')
    return { what: word('step', step.change), who: person(step.by), why: said(step.why), about: titleOf(step) };
  const reasons = (step.reasons ?? []).map(said).filter(Boolean);
  const by = step.change === 'claim' ? step.claim?.by : step.change === 'shelve' ? step.shelved?.by
    : ['screened', 'dismissed', 'confirmed'].includes(step.change) ? step.screened?.by : '';
  const own = step.change === 'shelve' ? step.shelved?.reason : step.change === 'claim' || step.change === 'release' ? ''
    : reasons.join('；');
  return { what: word('step', step.change), who: person(by), why: own, about: titleOf(step), priority: step.priority };
}

export async function showEntity(section, name, wanted, back, open) {
  section.replaceChildren(h('p', { class: 'empty' }, t('loading')));
  let found;
  try {
    found = await loadEntity(name);
  } catch (error) {
    if (wanted()) section.replaceChildren(h('p', { class: 'empty' }, String(error.message)));
    return;
  }
  if (!wanted()) return;
  const facts = found.status?.data?.registration ?? {};
  const shown = ['address', 'useUnit', 'maintenanceUnit', 'phone', 'rescueCode', 'exposure', 'district'].filter((key) => facts[key]);
  const steps = [...found.timeline].sort((a, b) => (a.at < b.at ? 1 : -1));
  section.replaceChildren(h('div', { class: 'scroller entity', tabindex: '0', role: 'region', 'aria-label': t('section.timeline') },
    h('header', {}, h('button', { type: 'button', onclick: back }, t('entity.back'), h('kbd', {}, 'Esc')),
      h('h2', {}, facts.name || name), h('span', { class: 'minor' }, `${word('kind', name.split('/')[0])} ${name.split('/').slice(1).join('/')}`)),
    shown.length ? h('dl', { class: 'facts wide' }, shown.flatMap((key) => [h('dt', {}, t(`fact.${key}`)),
      h('dd', {}, key === 'exposure' ? word('exposure', facts[key]) : facts[key])])) : null,
    found.status?.data?.trust ? h('p', {}, trustOf(found.status.data)) : null,
    found.warnings.length ? h('h3', {}, t('section.warnings')) : null,
    found.warnings.length ? h('ul', { class: 'links' }, found.warnings.map(({ data }) => h('li', {},
      h('button', { type: 'button', class: 'link', onclick: () => open(data) }, mark(data.priority, word('priority', data.priority)), titleOf(data),
        h('span', { class: 'minor' }, `${word('state', data.state)} · ${clockTime(data.since)}`))))) : null,
    h('h3', {}, t('section.timeline')),
    steps.length === 0 ? h('p', { class: 'minor' }, t('entity.none')) : h('ol', { class: 'timeline' }, steps.map((step) => {
      const words = stepWords(step);
      return h('li', { 'data-kind': step.kind },
        h('time', { datetime: step.at }, clockTime(step.at)),
        h('div', {}, h('p', {}, h('strong', {}, words.what), ' ', h('span', {}, words.about ?? ''), ' ', h('span', { class: 'minor' }, words.who)),
          words.why ? h('p', { class: 'why' }, words.why) : null));
    }))));
  section.querySelector('button').focus();
}
