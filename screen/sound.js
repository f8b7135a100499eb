// The alarm: while a P1 is unclaimed it rings every few seconds, and the strip says why. A seat can mute
// itself for five minutes; then it rings again. Browsers allow sound only after the first key or click.

import { t } from './catalogue.js';
import { unclaimedP1 } from './model.js';
import { preferences } from './preferences.js';
import { span } from './time.js';

const kMuteMs = 5 * 60_000;
const kRingMs = 4_000;

let audio = null;
let lastRing = 0;

export function allowSound() {
  try {
    audio ??= new AudioContext();
    if (audio.state === 'suspended') audio.resume();
  } catch { audio = null; }
}

function ring() {
  for (const [at, pitch] of [[0, 880], [0.22, 660], [0.44, 880]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.type = 'triangle';
    tone.frequency.value = pitch;
    const start = audio.currentTime + at;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.25, start + 0.02);
    volume.gain.setValueAtTime(0.25, start + 0.15);
    volume.gain.linearRampToValueAtTime(0, start + 0.19);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.2);
  }
}

export function toggleMute() {
  preferences.mutedUntil = preferences.mutedUntil > Date.now() ? 0 : Date.now() + kMuteMs;
  lastRing = 0;
}

/// Rings where it is time to; tells what the strip should show.
export function tickSound() {
  const n = unclaimedP1().length;
  const left = preferences.mutedUntil - Date.now();
  if (left > 0) return { state: 'muted', text: t(n > 0 ? 'sound.muted.alarm' : 'sound.muted', { n, left: span(left) }) };
  if (audio?.state !== 'running') return { state: 'off', text: t('sound.off') };
  if (n === 0) return { state: 'quiet', text: t('sound.quiet') };
  if (performance.now() - lastRing > kRingMs) {
    lastRing = performance.now();
    ring();
  }
  return { state: 'alarm', text: t('sound.alarm', { n }) };
}
