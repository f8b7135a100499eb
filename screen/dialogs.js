// Questions to the user, in the one <dialog>: it traps focus, closes with Esc, and gives focus back.

import { listed, t, word } from './catalogue.js';
import { byId, h } from './dom.js';
import { person } from './model.js';
import { preferences } from './preferences.js';
import { wordsFor } from './steps.js';
import { clockTime, now } from './time.js';

let last = Promise.resolve();

/// Shows a form, after any that is open; resolves with its values, or null when it is left.
function ask(...question) {
  const answer = last.then(() => askNow(...question));
  last = answer.catch(() => {});
  return answer;
}

function askNow(title, content, { submit = t('ask.save'), check = () => '' } = {}) {
  const dialog = byId('dialog');
  const before = document.activeElement;
  return new Promise((resolve) => {
    const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
    const form = h('form', {},
      h('h2', { id: 'dialog-title' }, title), content, problem,
      h('div', { class: 'actions' }, submit ? h('button', { type: 'submit', class: 'primary' }, submit) : null,
        h('button', { type: 'button', onclick: () => dialog.close() }, t('ask.cancel'), h('kbd', {}, 'Esc'))));
    let result = null;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const values = Object.fromEntries(new FormData(form));
      const wrong = check(values);
      if (wrong) {
        problem.textContent = wrong;
        problem.hidden = false;
        return;
      }
      result = values;
      dialog.close();
    });
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.target.matches('button')) return;
      event.preventDefault();
      form.requestSubmit();
    });
    dialog.addEventListener('close', () => {
      dialog.replaceChildren();
      if (before?.isConnected) before.focus();
      resolve(result);
    }, { once: true });
    dialog.replaceChildren(form);
    dialog.showModal();
    (form.querySelector('[autofocus]') ?? form.querySelector('input, textarea, select'))?.focus();
  });
}

const labelled = (name, input) => h('label', {}, h('span', {}, name), input);

/// Number keys choose; the chosen text can be changed.
function choices(name, options, first = true) {
  return h('fieldset', {}, h('legend', {}, name), options.map((text, index) =>
    h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'choice', value: text, autofocus: first && index === 0 }), h('span', {}, text))));
}

function pickInto(form, input) {
  form.addEventListener('change', (event) => { if (event.target.name === 'choice') input.value = event.target.value; });
}

function reasonForm(keys) {
  const input = h('textarea', { name: 'reason', rows: '2', maxlength: '500', autofocus: true });
  const wrap = h('div', {}, keys.length ? choices(t('ask.reason'), keys.map((key) => t(key)), false) : null, labelled(t('ask.reason'), input));
  pickInto(wrap, input);
  return wrap;
}
const needsReason = ({ reason }) => (reason.trim() ? '' : t('ask.reason.missing'));

export const askDismiss = (title) => ask(t('ask.dismiss', { title }),
  reasonForm(['reason.dismiss.not_seen', 'reason.dismiss.permitted', 'reason.dismiss.duplicate', 'reason.dismiss.test']), { check: needsReason });
export const askReopen = (title) => ask(t('ask.reopen', { title }), reasonForm([]), { check: needsReason });
export const askRecall = (title) => ask(t('ask.recall', { title }), reasonForm([]), { check: needsReason });

const kShelvings = [['30m', 30], ['2h', 120], ['8h', 480], ['24h', 1440]];
export function askShelve(title) {
  const until = h('select', { name: 'minutes' }, kShelvings.map(([name, minutes]) => h('option', { value: String(minutes) }, t(`until.${name}`))));
  return ask(t('ask.shelve', { title }), [labelled(t('ask.until'), until), reasonForm(['reason.shelve.waiting', 'reason.shelve.works'])], { check: needsReason });
}

export function askCall(title, responders, chosen) {
  const who = responders.length
    ? h('select', { name: 'who' }, responders.map((r) => h('option', { value: r.unit, selected: r === chosen }, `${person(r.unit)} · ${word('role', r.role)}`)))
    : h('input', { name: 'who', required: true });
  const result = h('select', { name: 'result', autofocus: true }, ['answered', 'no_answer', 'busy', 'refused', 'wrong'].map((key) =>
    h('option', { value: key }, t(`call.${key}`))));
  return ask(t('ask.call', { title }), [labelled(t('ask.who'), who), labelled(t('ask.result'), result),
    labelled(t('ask.note'), h('input', { name: 'note', maxlength: '500', autocomplete: 'off' }))], { submit: t('ask.send') });
}

// ---- a step of the table, whatever it needs ---------------------------------------------------------

const kPeriods = [['30m', 30], ['2h', 120], ['8h', 480], ['24h', 1440], ['72h', 4320]];
const kResults = { revisited: ['satisfied', 'dissatisfied'], call_logged: ['answered', 'no_answer', 'busy', 'refused', 'wrong'] };
// What else may be said, beside what the step needs.
const kMore = {
  return_accepted: ['to'], supervise: ['to', 'reason'], decide: ['text', 'reason'], supervise_reply: [], recall: [], exempt: [],
};
const textarea = (name) => h('textarea', { name, rows: '3', maxlength: '1000' });
const selectOf = (name, options) => h('select', { name }, options.map(([value, text]) => h('option', { value }, text)));

function inputFor(field, rule, units) {
  switch (field) {
    case 'reason': case 'text': return textarea(field);
    case 'until': case 'replyBy': return selectOf(field, kPeriods.map(([name, minutes]) => [String(minutes), t(`until.${name}`)]));
    case 'result': return selectOf(field, kResults[rule.step].map((key) => [key, t(rule.step === 'revisited' ? `revisit.${key}` : `call.${key}`)]));
    case 'finding': case 'action': return selectOf(field, wordsFor(field).map((code) => [code, word(field, code)]));
    case 'to': return [h('input', { name: field, maxlength: '128', list: 'units', placeholder: 'unit/…', autocomplete: 'off' }),
      h('datalist', { id: 'units' }, units.map((unit) => h('option', { value: unit })))];
    default: return h('input', { name: field, maxlength: '500', value: field === 'who' ? t('ask.complainant') : '', autocomplete: 'off' });
  }
}

/// Who does it, where that is not the seat alone: it is recorded under that name.
function askedBy(rule) {
  if (rule.roles.length === 1 && rule.roles[0] === 'seat') return null;
  const name = h('input', { name: 'name', maxlength: '64', autocomplete: 'off' });
  const label = labelled(t('ask.name'), name);
  const as = selectOf('as', rule.roles.map((kind) => [kind, kind === 'seat' ? person(preferences.seat) : word('by', kind)]));
  const show = () => {
    label.hidden = as.value === 'seat';
    name.value = preferences.nameOf(as.value);
  };
  as.addEventListener('change', show);
  show();
  return [labelled(t('ask.as'), as), label];
}

function wrongIn(given, rule) {
  const missing = rule.with.filter((field) => !given[field]?.trim()).map((field) => fieldName(field, rule));
  if (missing.length) return t('ask.field.missing', { names: listed(missing) });
  return given.as && given.as !== 'seat' && !/^[^\s/]+$/.test(given.name.trim()) ? t('ask.name.missing') : '';
}

/// The fields of the step's feedback, with `by` where it is not the seat; null where it is left.
export async function askStep(title, rule, units, about = null) {
  const fields = [...rule.with, ...(kMore[rule.step] ?? ['note'])];
  const values = await ask(title, [about, askedBy(rule), fields.map((field) => labelled(fieldName(field, rule), inputFor(field, rule, units)))],
    { submit: t('ask.send'), check: (given) => wrongIn(given, rule) });
  if (!values) return null;
  const { as, name, ...said } = values;
  const given = Object.fromEntries(Object.entries(said).map(([field, value]) => [field, value.trim()]).filter(([, value]) => value));
  for (const field of ['until', 'replyBy']) if (given[field]) given[field] = new Date(now() + Number(given[field]) * 60_000).toISOString();
  if (!as || as === 'seat') return given;
  preferences.rememberName(as, name.trim());
  return { ...given, by: `${as}/${name.trim()}` };
}
function fieldName(field, rule) {
  const own = t(`ask.${rule.step}.${field}`);
  if (!own.startsWith('ask.')) return own;  // says itself when it is needed
  return rule.with.includes(field) ? t(`ask.${field}`) : t('ask.optional', { name: t(`ask.${field}`) });
}

/// A second question, answered with a mark of its own: Enter alone does not say yes.
export const askSure = (title, step) => ask(t('ask.sure', { title }), [h('p', {}, t(`ask.sure.${step}`)),
  h('label', { class: 'choice' }, h('input', { type: 'checkbox', name: 'sure', autofocus: true }), h('span', {}, t('ask.sure.yes')))],
{ submit: t('ask.send'), check: ({ sure }) => (sure ? '' : t('ask.sure.missing')) });

/// One of several: by its digit, by arrow keys, or by a click. Resolves with its index, or null.
export function choose(title, options) {
  let chosen = null;
  const dialog = byId('dialog');
  const answer = ask(title, h('ol', { class: 'menu' }, options.map((text, index) => h('li', {},
    h('button', { type: 'button', autofocus: index === 0, onclick: () => { chosen = index; dialog.close(); } }, h('kbd', {}, kDigits[index] ?? ''), text)))), { submit: null });
  const onKey = (event) => {
    const buttons = [...dialog.querySelectorAll('.menu button')];
    const at = buttons.indexOf(document.activeElement);
    const digit = kDigits.indexOf(event.key);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    event.stopPropagation();  // the dialog may be closed when the page hears of it
    if (digit >= 0 && digit < buttons.length) buttons[digit].click();
    else if (next !== undefined) buttons[(next + buttons.length) % buttons.length].focus();
    else return;
    event.preventDefault();
  };
  dialog.addEventListener('keydown', onKey);
  return answer.then(() => {
    dialog.removeEventListener('keydown', onKey);
    return chosen;
  });
}
const kDigits = '123456789abcdefghij';

export const askIncident = () => ask(t('ask.incident'), [h('p', {}, t('ask.incident.why')),
  labelled(t('ask.incident.place'), h('input', { name: 'place', maxlength: '200', autocomplete: 'off', autofocus: true, placeholder: t('ask.incident.example') })),
  labelled(t('ask.incident.kind'), selectOf('kind', ['help', 'complaint', 'report'].map((kind) => [kind, t(`incident.${kind}`)]))),
  labelled(t('ask.incident.category'), selectOf('category', ['elevator', 'kitchen', 'street', 'other'].map((name) => [name, word('category', name)]))),
  labelled(t('ask.incident.text'), textarea('text')), labelled(t('ask.optional', { name: t('fact.district') }), h('input', { name: 'district', maxlength: '12', autocomplete: 'off' }))],
{ submit: t('ask.send'), check: ({ place, text }) => (place.trim() && text.trim() ? '' : t('ask.field.missing', { names: listed([t('ask.incident.place'), t('ask.incident.text')]) })) });

export const askEntity = (title) => ask(t('ask.resolve', { title }), [h('p', {}, t('ask.resolve.why')),
  labelled(t('ask.resolve.entity'), h('input', { name: 'entity', required: true, maxlength: '128', pattern: '[a-z]+/\\S+', placeholder: 'elevator/31010500012345', autocomplete: 'off', autofocus: true }))]);
export const askAnswer = (title) => ask(t('ask.answer', { title }), [h('p', {}, t('ask.answer.why')),
  labelled(t('ask.answer.text'), h('textarea', { name: 'text', rows: '4', required: true, maxlength: '1000', autofocus: true }))], { submit: t('ask.send') });

/// Those of the duty list are offered; another one may be used, but nothing is given to it.
export function askSeat(current) {
  const known = wordsFor('seat').map((seat) => seat.replace('seat/', ''));
  const hint = h('p', { class: 'caution', role: 'status', hidden: true }, t('seat.unlisted', { seats: listed(known) }));
  const input = h('input', {
    name: 'seat', required: true, maxlength: '32', pattern: '[A-Za-z0-9_.\\-]+', value: current?.replace('seat/', '') ?? '', placeholder: t('seat.example'), list: 'seats', autocomplete: 'off', autofocus: true,
    oninput: () => { hint.hidden = known.length === 0 || input.value === '' || known.some((seat) => seat.startsWith(input.value.trim())); },
  });
  return ask(t('seat.ask'), [h('p', {}, t('seat.why')), labelled(t('seat'), input), hint,
    h('datalist', { id: 'seats' }, known.map((seat) => h('option', { value: seat })))]);
}

export const askToken = () => ask(t('ask.token'), [h('p', {}, t('ask.token.why')),
  labelled(t('ask.token'), h('input', { name: 'token', type: 'password', required: true, autocomplete: 'off' }))]);

function tell(title, content, action = null) {
  const dialog = byId('dialog');
  const before = document.activeElement;
  dialog.replaceChildren(
    h('h2', { id: 'dialog-title' }, title), ...[content].flat(),
    h('div', { class: 'actions' }, action, h('button', { type: 'button', class: action ? '' : 'primary', onclick: () => dialog.close() }, t('ask.save'))));
  dialog.addEventListener('close', () => { dialog.replaceChildren(); if (before?.isConnected) before.focus(); }, { once: true });
  dialog.showModal();
}

/// A link is shown to be copied: without a secure page there is no clipboard, so its text is selected.
export function showLink(unit, { path, expires }) {
  const address = h('input', { id: 'link-address', readonly: true, value: new URL(path, location.href).href });
  const copy = h('button', { type: 'button', class: 'primary', autofocus: true, onclick: async () => {
    address.select();
    try {
      await navigator.clipboard.writeText(address.value);
      copy.textContent = t('link.copied');
    } catch {
      copy.textContent = t('link.choose');
      address.focus();
    }
  } }, t('link.copy'));
  tell(t('link.title', { unit: person(unit) }), [h('p', {}, t('link.why', { when: clockTime(expires, false) })), labelled(t('link.address'), address)], copy);
  copy.focus();
}

export const showHelp = (commands) => tell(t('help.title'), h('dl', { class: 'keys' }, commands.flatMap((command) => [
  h('dt', {}, command.keys.map((key) => h('kbd', {}, key))), h('dd', {}, t(`do.${command.name}`))])));

export const showSources = (health) => tell(t('sources.title'), [
  h('div', { class: 'sources' }, health.sources.flatMap((source) => [
    h('span', {}, source.name), h('span', { class: source.silent ? 'bad' : '' }, t(source.silent ? 'sources.state.silent' : 'sources.state.heard')),
    h('span', { class: 'minor' }, source.lastSeen ? t('sources.heard', { when: clockTime(source.lastSeen) }) : t('sources.never'))])),
  h('dl', { class: 'facts' }, Object.entries({ ...health.counters, [t('build')]: health.build }).flatMap(([name, value]) =>
    [h('dt', {}, name), h('dd', {}, String(value))]))]);
