// What was pressed and has not arrived yet, in order, kept on this phone until the server has it. Each
// step has its own key, so that sending it twice acts once. What has arrived waits for the engine's word.
// A photo is an item before the step that shows it; the step goes out with the path that it was given.

import { forgetPhoto, keepPhoto, keptPhoto } from './photos.js';

const kAnswer = 15_000;  // for one try
const kWaits = [1_000, 2_000, 5_000, 10_000];

const newKey = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

/// `path`: of the link. `onChange`: something was kept, sent or refused. `onEnd`: the link has ended.
export function makeOutbox(path, { onChange, onEnd }) {
  const name = `watchfire${path.replaceAll('/', '.')}`;
  const kept = read();
  let items = kept.items;  // {key, pressedAt, body}: not sent yet; a photo's body is {step: 'photo'}
  let photos = kept.photos;  // key of a photo -> its path, until a step has shown it
  let sent = [];        // {key, id, time, body}: the server has it
  let failed = false;   // the last try did not get through
  let running = false;
  let ended = false;
  let tries = 0;
  let timer = null;

  function read() {
    const none = { items: [], photos: {} };
    try { return JSON.parse(localStorage.getItem(name)) ?? none; } catch { return none; }
  }
  function keep() {
    try {
      if (items.length || Object.keys(photos).length) localStorage.setItem(name, JSON.stringify({ items, photos }));
      else localStorage.removeItem(name);
    } catch { /* a browser that keeps nothing still sends while the page is open */ }
  }

  async function postPhoto(item, signal) {
    const bytes = await keptPhoto(item.key);
    if (!bytes) return new Response('{"error":"the picture is no longer on this phone"}', { status: 400 });
    return fetch(`${path}/photos`, { method: 'POST', cache: 'no-store', signal, headers: { 'Content-Type': 'image/jpeg' }, body: bytes });
  }

  async function post(item) {
    const gone = new AbortController();
    const watchdog = setTimeout(() => gone.abort(), kAnswer);
    try {
      if (item.body.step === 'photo') return await postPhoto(item, gone.signal);
      const { photos: shown, ...body } = item.body;
      const paths = (shown ?? []).map((key) => photos[key]).filter(Boolean);
      return await fetch(`${path}/actions`, {
        method: 'POST', cache: 'no-store', signal: gone.signal,
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': item.key },
        body: JSON.stringify({ ...body, ...(paths.length ? { photos: paths } : {}), agoMs: Math.max(0, Date.now() - item.pressedAt) }),
      });
    } finally {
      clearTimeout(watchdog);
    }
  }

  async function sendAll() {
    if (running || ended) return;
    running = true;
    clearTimeout(timer);
    try {
      while (items.length) {
        const item = items[0];
        const response = await post(item);
        if (response.status === 410 || response.status === 403) {
          ended = true;
          onEnd(response.status === 410 ? (await response.json()).reason : null);
          return;
        }
        if (response.status === 429 || response.status >= 500) throw new Error(`HTTP ${response.status}`);
        const answer = await response.json();
        if (item.body.step === 'photo') await forgetPhoto(item.key);
        if (response.ok && item.body.step === 'photo') photos[item.key] = answer.path;
        else if (response.ok) sent.push({ ...item, id: answer.id, time: answer.time, arrivedAt: Date.now() });
        else sent.push({ ...item, refused: { zh: answer.error, en: answer.error } });
        if (response.ok) for (const key of item.body.photos ?? []) delete photos[key];
        items.shift();
        keep();
        failed = false;
        tries = 0;
        onChange();
      }
      failed = false;
    } catch {
      failed = true;
      timer = setTimeout(sendAll, kWaits[Math.min(tries++, kWaits.length - 1)]);
    } finally {
      running = false;
      onChange();
    }
  }

  addEventListener('online', () => { tries = 0; sendAll(); });
  return {
    press(body) {
      items.push({ key: newKey(), pressedAt: Date.now(), body });
      keep();
      onChange();
      sendAll();
    },
    /// The key by which a step shows it.
    async addPhoto(blob) {
      const key = newKey();
      await keepPhoto(key, blob);
      items.push({ key, pressedAt: Date.now(), body: { step: 'photo' } });
      keep();
      onChange();
      sendAll();
      return key;
    },
    /// Photos that no step has shown yet, as keys.
    waitingPhotos: () => [...items.filter((item) => item.body.step === 'photo').map((item) => item.key), ...Object.keys(photos)]
      .filter((key) => !items.some((item) => item.body.photos?.includes(key))),
    sendAll,
    unsent: () => items,
    sent: () => sent,
    /// What the engine has answered, or will not any more, is no longer waited for.
    settle(isSettled) {
      const before = sent.length;
      sent = sent.filter((item) => !isSettled(item));
      return sent.length !== before;
    },
    isFailing: () => failed && items.length > 0,
  };
}
