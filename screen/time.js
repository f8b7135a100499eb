// The city's clock and how times are written. In a simulated city it need not be this computer's.

let base = { city: Date.now(), at: performance.now(), speed: 1 };

export function setClock(text, speed) {
  base = { city: Date.parse(text), at: performance.now(), speed };
}
export const now = () => base.city + (performance.now() - base.at) * base.speed;

const two = (n) => String(n).padStart(2, '0');

const kZone = 'Asia/Shanghai';
const partsOf = new Intl.DateTimeFormat('en-GB', {
  timeZone: kZone, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});
function parts(ms) {
  const found = {};
  for (const part of partsOf.formatToParts(ms)) found[part.type] = part.value;
  return found;
}

/// "14:03:07", with "11-21 " before it on another day.
export function clockTime(time, seconds = true) {
  const ms = typeof time === 'string' ? Date.parse(time) : time;
  if (!Number.isFinite(ms)) return '–';
  const then = parts(ms);
  const today = parts(now());
  const clock = `${then.hour}:${then.minute}${seconds ? `:${then.second}` : ''}`;
  return then.day === today.day && then.month === today.month ? clock : `${then.month}-${then.day} ${clock}`;
}

/// "4:07", "1:04:07", "3 d 02 h" of milliseconds, without a sign.
export function span(ms) {
  const s = Math.floor(Math.abs(ms) / 1000);
  if (s >= 86400) return `${Math.floor(s / 86400)} d ${two(Math.floor((s % 86400) / 3600))} h`;
  const clock = `${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${clock}` : clock;
}
