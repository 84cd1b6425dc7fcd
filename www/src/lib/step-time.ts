// The instant of a step in the text: where it is, and what a drag along the time axis makes of it.

export interface Place {
  from: number;
  to: number;
}

/** The span (`34s`, `1m30s`, `250ms`, a bare number) at the end of a field's text. Offsets are within `text`. */
export function spanIn(text: string): Place | null {
  const match = /(?:\d+(?:\.\d+)?(?:us|µs|ms|s|m|h|d))+\s*$|\d+(?:\.\d+)?\s*$/.exec(text);
  return match ? { from: match.index, to: match.index + match[0].trimEnd().length } : null;
}

/** An instant no finer than a pixel can say. */
export function snap(us: number, usPerPx: number): number {
  const steps = [1e3, 1e4, 1e5, 1e6, 5e6, 1e7, 6e7];
  const step = steps.findLast((s) => s <= Math.max(usPerPx * 4, 1e3)) ?? 1e3;
  return Math.max(0, Math.round(us / step) * step);
}

/** An instant as it is written in a scenario, no finer than a pixel can say. */
export function spanText(us: number, usPerPx: number): string {
  const rounded = snap(us, usPerPx);
  const ms = Math.round(rounded / 1000);
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${(ms / 1000).toFixed(3).replace(/0+$/, '')}s`;
}

/**
 * Where the instant of the step around `offset` stands: the value of `at` in the same list item. Works for items on one
 * line and on several; null if the item has none.
 */
export function instantNear(text: string, offset: number): Place | null {
  const lines = text.split('\n');
  let at = 0;
  let here = 0;
  const starts = lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
  while (here + 1 < starts.length && (starts[here + 1] ?? 0) <= offset) here++;
  const indentOf = (line: string) => line.search(/\S|$/);
  let first = here;
  while (first > 0 && !/^\s*- /.test(lines[first] ?? '')) first--;
  const indent = indentOf(lines[first] ?? '');
  let last = first;
  while (last + 1 < lines.length && (lines[last + 1]?.trim() === '' || indentOf(lines[last + 1] ?? '') > indent))
    last++;
  if (here > last) return null;
  for (let i = first; i <= last; i++) {
    const match = /(?:^\s*(?:- )?\s*\{?|,\s*)at:\s+([^\s,}#]+)/.exec(lines[i] ?? '');
    const value = match?.[1];
    if (!match || !value || spanIn(value)?.from !== 0) continue;
    const from = (starts[i] ?? 0) + match.index + match[0].length - value.length;
    return { from, to: from + value.length };
  }
  return null;
}
