// The page in Chinese and English: `t(key, values)` gives its own texts in the language chosen, `word` a
// word on the wire, `said` a text of a record.

import { scripts, texts } from './texts.js';
import { clockTime } from './time.js';
import { wireWords } from './wire_words.js';

const languages = ['zh', 'en'];
let language = 'zh';

export function setLanguage(name) {
  language = languages.includes(name) ? name : 'zh';
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
export const currentLanguage = () => language;
export const otherLanguage = () => (language === 'zh' ? 'en' : 'zh');

const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

export function t(key, values = {}) {
  const pair = texts[key] ?? wireWords[key];
  return pair ? fill(pair[languages.indexOf(language)], values) : key;
}
/// A word on the wire, as people say it; an unknown one as it is.
export function word(kind, name) {
  const pair = wireWords[`${kind}.${name}`];
  return pair ? pair[languages.indexOf(language)] : (name ?? '');
}
/// "a、b" and "a, b"; "a：b" and "a: b".
export const listed = (items) => items.join(language === 'zh' ? '、' : ', ');
export const saying = (what, sentence) => `${what}${language === 'zh' ? '：' : ': '}${sentence}`;

/// A {zh, en} of a record; times and seats in it as people write them.
export function said(text) {
  const sentence = text ? text[language] || text.zh || text.en || '' : '';
  return sentence
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => clockTime(time, false))
    .replace(/\b(?:unit|officer|checker|leader)\/(?=[^\s/])/g, '')
    .replace(/\bseat\/([\w-]+)/g, (whole, id) => fill(word('by', 'seat'), { id }));
}

/// What the duty list calls a unit, a leader, a seat; null: nothing.
let names = {};
export const learnNames = (known) => { names = known ?? {}; };
export const nameOf = (id) => (names[id] ? said(names[id]) : null);

export const script = (item, values) =>
  (scripts[item] ?? scripts.other)[languages.indexOf(language)].map((line) => fill(line, values));
