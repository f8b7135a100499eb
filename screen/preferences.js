// What this computer remembers of its user: seat, language; and for this session the token and the mute.

const read = (store, key) => {
  try { return store.getItem(`watchfire.${key}`); } catch { return null; }
};
const write = (store, key, value) => {
  try {
    if (value === null) store.removeItem(`watchfire.${key}`);
    else store.setItem(`watchfire.${key}`, value);
  } catch { /* a browser that keeps nothing asks again */ }
};

export const preferences = {
  get seat() { return read(localStorage, 'seat'); },
  set seat(value) { write(localStorage, 'seat', value); },
  get language() { return read(localStorage, 'language') ?? 'zh'; },
  set language(value) { write(localStorage, 'language', value); },
  get token() { return read(sessionStorage, 'token'); },
  set token(value) { write(sessionStorage, 'token', value); },
  /// Under which name a person last acted here as a checker, a leader …
  nameOf: (kind) => read(sessionStorage, `as.${kind}`) ?? '',
  rememberName: (kind, name) => write(sessionStorage, `as.${kind}`, name),
  get mutedUntil() { return Number(read(sessionStorage, 'muted') ?? 0); },
  set mutedUntil(value) { write(sessionStorage, 'muted', String(value)); },
};
