// Short messages at the foot of the page; they are read out politely and go by themselves.

import { byId, h } from './dom.js';

const kShownMs = 6_000;
const kMost = 5;

export function toast(text, { kind = 'info', stays = false, action = null } = {}) {
  const box = byId('toasts');
  const words = h('span', {}, text);
  const element = h('div', { class: `toast ${kind}` }, words, action);
  box.append(element);
  while (box.children.length > kMost) box.firstElementChild.remove();
  const remove = () => element.remove();
  if (!stays) setTimeout(remove, kShownMs);
  return { remove, say: (changed) => { words.textContent = changed; } };
}

export function announce(text) {
  const box = byId('announce');
  box.textContent = '';
  requestAnimationFrame(() => { box.textContent = text; });
}
