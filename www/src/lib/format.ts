// Words for instants, spans and sizes. Pure; the page shows no number that has not passed through here.

/** Fixed-width reading of an instant for the playhead: `61.500 s`, `2:03.250`, `1:02:03.250`. */
export function clock(us: number): string {
  const ms = Math.round(us / 1000);
  const s = Math.floor(ms / 1000);
  const frac = String(ms % 1000).padStart(3, '0');
  if (s < 60) return `${s}.${frac} s`;
  const two = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  const m = Math.floor(s / 60) % 60;
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}.${frac}` : `${m}:${two(s % 60)}.${frac}`;
}

/** Short reading of an instant in prose and lists: `56 s`, `1 min 39.4 s`, `2 h 5 min`. */
export function instant(us: number): string {
  const s = us / 1e6;
  if (s < 60) return `${trim(s, 2)} s`;
  if (s < 3600) {
    const m = Math.floor(s / 60 + 1e-9);
    const rest = Math.max(0, s - m * 60);
    return rest < 0.05 ? `${m} min` : `${m} min ${trim(rest, 1)} s`;
  }
  const h = Math.floor(s / 3600 + 1e-9);
  const m = Math.round((s - h * 3600) / 60);
  return m === 0 ? `${h} h` : `${h} h ${m} min`;
}

/** Length of a span: `20 ms`, `3.1 s`, `1 min 39 s`. */
export function span(us: number): string {
  if (us < 1_000_000) return `${Math.round(us / 1000)} ms`;
  return instant(us);
}

/** The value of `t` in a link: `41.2s`, without trailing zeros. */
export function linkTime(us: number): string {
  return `${trim(us / 1e6, 3)}s`;
}

function trim(n: number, digits: number): string {
  return n.toFixed(digits).replace(/\.?0+$/, '') || '0';
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
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
