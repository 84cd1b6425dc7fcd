// Words for instants, spans and sizes. Pure; the page shows no number that has not passed through here.

/** Below this a time is said in seconds alone, as the core does it on the ruler and in its sentences. */
const SECONDS_ONLY = 120;

/** `3m`, `2h05m`, `1h02m03`: hours and minutes of a time in seconds, and its seconds as they are written. */
function compound(s: number, seconds: string): string {
  const h = Math.floor(s / 3600);
  const m = Math.floor(s / 60) % 60;
  const minutes = h > 0 ? `${h}h${String(m).padStart(2, '0')}m` : `${m}m`;
  return seconds === '' ? minutes : `${minutes}${seconds}s`;
}

/** Fixed-width reading of an instant for the playhead: `61.500 s`, `2m03.250s`, `1h02m03.250s`. */
export function clock(us: number): string {
  const ms = Math.round(us / 1000);
  const s = Math.floor(ms / 1000);
  const frac = String(ms % 1000).padStart(3, '0');
  if (s < SECONDS_ONLY) return `${s}.${frac} s`;
  return compound(s, `${String(s % 60).padStart(2, '0')}.${frac}`);
}

/** Short reading of an instant in prose and lists: `0.54 s`, `99.4 s`, `3m20.5s`, `2h05m`. */
export function instant(us: number): string {
  const s = us / 1e6;
  if (s < 10) return `${trim(s, 2)} s`;
  const tenths = Math.round(s * 10);
  if (tenths < SECONDS_ONLY * 10) return `${trim(s, 1)} s`;
  const rest = tenths % 600;
  return compound(Math.floor(tenths / 10), rest === 0 ? '' : trim(rest / 10, 1));
}

/** Length of a span: `20 ms`, `3.1 s`, `99.4 s`, `3 min 20 s`, `2 h 5 min`. */
export function span(us: number): string {
  if (us < 1_000_000) return `${Math.round(us / 1000)} ms`;
  const s = us / 1e6;
  if (s < SECONDS_ONLY) return instant(us);
  if (s < 3600) {
    const m = Math.floor(s / 60 + 1e-9);
    const rest = Math.max(0, s - m * 60);
    return rest < 0.05 ? `${m} min` : `${m} min ${trim(rest, 1)} s`;
  }
  const minutes = Math.round(s / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The value of `t` in a link: `41.2s`, without trailing zeros. */
export function linkTime(us: number): string {
  return `${trim(us / 1e6, 3)}s`;
}

function trim(n: number, digits: number): string {
  return n.toFixed(digits).replace(/\.?0+$/, '') || '0';
}

export function count(n: number, one: string, many = `${one}s`): string {
  // By hand: the first use of the browser's own formats costs as much as a whole run.
  const digits = String(n).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${digits} ${n === 1 ? one : many}`;
}

/** `1.3 ms`, `45 ms`, `1.2 s` of real time. */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A field in a few words: its name and, if it is short, what stands there: `failureThreshold: 3`. */
export function fieldLabel(path: string, text: string): string {
  const name = path.split('.').at(-1) || path;
  const value = text.trim();
  return value === '' || value.includes('\n') || value.length > 60 ? name : `${name}: ${value}`;
}

/** The clock of the cluster, as the ruler has it: `00:01:30`. Seconds since 1970 at t = 0, and microseconds since then. */
export function wall(start: number, us: number): string {
  return new Date(start * 1000 + Math.round(us / 1000)).toISOString().slice(11, 19);
}
