// Elements without a framework.

/// h('button', {class: 'x', onclick: f, 'aria-label': '…'}, 'text', child, null)
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

export const byId = (id) => document.getElementById(id);

/// Only where it differs: an unchanged text node is not laid out again.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/// Puts new content into a panel; what was focused or unfolded (by data-key) stays so.
export function renew(panel, ...children) {
  const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const unfolded = new Set([...panel.querySelectorAll('details[open]')].map((d) => d.dataset.key));
  const folded = new Set([...panel.querySelectorAll('details:not([open])')].map((d) => d.dataset.key));
  const scroll = panel.scrollTop;
  panel.replaceChildren(...children.flat(Infinity).filter(Boolean));
  for (const details of panel.querySelectorAll('details')) {
    if (unfolded.has(details.dataset.key)) details.open = true;
    if (folded.has(details.dataset.key)) details.open = false;
  }
  panel.scrollTop = scroll;
  if (focused) (panel.querySelector(`[data-key="${CSS.escape(focused)}"]`) ?? panel).focus({ preventScroll: true });
}

const kShapes = {
  P1: 'M6 .5 11.500 6 6 11.500.5 6z',               // diamond
  P2: 'M6 1 11.500 11H.5z',                          // triangle
  P3: 'M1.500 1.500h9v9h-9z',                        // square
  P4: 'M6 1.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9z',  // circle
};

/// A priority by text, shape and colour.
export function mark(priority, label) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 12 12');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', kShapes[priority] ?? kShapes.P4);
  svg.append(path);
  return h('span', { class: `mark ${priority}` }, svg, h('span', {}, label));
}
