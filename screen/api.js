// The HTTP API. Server-sent events are read through fetch, because EventSource can't carry a token.

import { preferences } from './preferences.js';

let askToken = async () => null;
export const onTokenNeeded = (ask) => { askToken = ask; };

async function request(path, options = {}) {
  const headers = { ...options.headers };
  if (preferences.token) headers.Authorization = `Bearer ${preferences.token}`;
  const response = await fetch(path, { ...options, headers, cache: 'no-store' });
  if (response.status === 401) {
    preferences.token = await askToken();
    if (preferences.token) return request(path, options);
  }
  if (response.ok) return response;
  let reason = `HTTP ${response.status}`;
  try { reason = (await response.json()).error ?? reason; } catch { /* no JSON */ }
  throw new Error(reason);
}

export const loadBoard = async () => (await request('/api/board')).json();
/// A warning with its evidence, which the board leaves out.
export const loadWarning = async (id) => (await request(`/api/warnings/${encodeURIComponent(id)}`)).json();
export const loadSteps = async () => (await request('/api/steps')).json();
export const find = async (text) => (await request(`/api/find?text=${encodeURIComponent(text)}`)).json();
export const traceEvent = async (id) => (await request(`/api/trace?event=${encodeURIComponent(id)}`)).json();
export const loadEntity = async (name) => (await request(`/api/entities/${name.split('/').map(encodeURIComponent).join('/')}`)).json();

/// Feedback about `subject`, by the seat where `data.by` names nobody else. `key` makes a second try the
/// same step.
export async function act(subject, data, key) {
  const seat = data.by ? {} : { 'X-Seat': preferences.seat };
  const response = await request('/api/actions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...seat, 'Idempotency-Key': key },
    body: JSON.stringify({ subject, ...data }),
  });
  return response.json();
}

/// An event through the door that other systems use.
export const postEvent = (event) => request('/v1/events', {
  method: 'POST', headers: { 'Content-Type': 'application/cloudevents+json' }, body: JSON.stringify(event),
});

/// A link that opens this order for this unit on a phone: {path, expires}.
export async function makeLink(order, unit) {
  const response = await request('/api/links', {
    method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Seat': preferences.seat }, body: JSON.stringify({ order, unit }),
  });
  return response.json();
}

/// An order's photos as data: an <img> can't carry a token.
export async function loadPhotos(order) {
  const { photos } = await (await request(`/api/photos/${order}`)).json();
  return Promise.all(photos.map(async (path) => {
    const blob = await (await request(path)).blob();
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });
  }));
}

const kSilence = 15_000;  // the server says something every second

/// Calls on(event, data) for every event after `id`; ends only by throwing.
export async function follow(id, on) {
  const gone = new AbortController();
  let watchdog = setTimeout(() => gone.abort(), kSilence);
  try {
    const response = await request('/api/stream', { headers: { 'Last-Event-ID': id }, signal: gone.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream ended');
      clearTimeout(watchdog);
      watchdog = setTimeout(() => gone.abort(), kSilence);
      buffer += value;
      const frames = buffer.split('\n\n');
      buffer = frames.pop();
      for (const frame of frames) {
        const fields = Object.fromEntries(frame.split('\n').map((line) => {
          const colon = line.indexOf(': ');
          return [line.slice(0, colon), line.slice(colon + 2)];
        }));
        on(fields.event, JSON.parse(fields.data), fields.id);
      }
    }
  } finally {
    clearTimeout(watchdog);
    gone.abort();
  }
}
