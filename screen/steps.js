// Which steps may be offered: the engine's own table (/api/steps) against a record as it stands. No rule
// of it is written here again; only who sits at this page is.

import { loadSteps } from './api.js';
import { currentLanguage, learnNames } from './catalogue.js';
import { standingOf } from './model.js';
import { now } from './time.js';

let table = { steps: [], findings: [], actions: [], lifeItems: [], seats: [] };
export async function learnSteps() {
  table = await loadSteps();
  learnNames(table.names);
}
export const wordsFor = (field) => table[`${field}s`] ?? [];

// A seat acts as itself. What a seat may not do, a person who may does here under a name of their own.
const kRoles = {
  warning: ['seat'],
  order: ['seat', 'checker', 'leader'],
  complaint: ['seat', 'leader'],
  matter: ['seat', 'officer', 'checker', 'leader'],
};

/// "claim", "priority is P1 when dispatched", "correctBy is past": what must stand beside the state.
const kStands = /^(\S+)(?: is (not )?(\S+))?(?: when (\S+))?$/;
function stands(condition, item, state) {
  if (!condition) return true;
  const [, path, not, value, states] = condition.match(kStands);
  if (states && !states.split(',').includes(state)) return true;
  const found = path.split('.').reduce((at, name) => at?.[name], item) ?? null;
  if (value === undefined) return found !== null && found !== '';
  const holds = value === 'past' ? Date.parse(found) <= now()
    : value === 'nothing' ? found === null || found === ''
      : value.endsWith('*') ? String(found).startsWith(value.slice(0, -1)) : String(found) === value;
  return holds !== Boolean(not);
}

/// The rows of the table that are legal for `item` now, by somebody at this page (`roles`).
export function legalSteps(of, item) {
  const state = of === 'matter' ? standingOf(item) : item.state;
  const life = table.lifeItems.includes(item.item);
  return table.steps
    .filter((rule) => rule.of === of && rule.states.includes(state) && (rule.life === null || rule.life === life) && stands(rule.while, item, state))
    .map((rule) => ({ ...rule, roles: rule.by.filter((kind) => kRoles[of].includes(kind)) }))
    .filter((rule) => rule.roles.length > 0);
}
export const isLegal = (of, item, step) => legalSteps(of, item).some((rule) => rule.step === step);
export const stepTitle = (rule) => (currentLanguage() === 'zh' ? rule.zh : rule.en[0].toUpperCase() + rule.en.slice(1));

/// What ends it at this desk: of a P1 that is asked twice.
export const isEnd = (step) => ['dismiss', 'verify', 'recall'].includes(step);
