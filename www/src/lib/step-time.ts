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

/** An instant as it is written in a scenario, no finer than a pixel can say. */
export function spanText(us: number, usPerPx: number): string {
  const steps = [1e3, 1e4, 1e5, 1e6, 5e6, 1e7, 6e7];
  const step = steps.findLast((s) => s <= Math.max(usPerPx * 4, 1e3)) ?? 1e3;
  const rounded = Math.max(0, Math.round(us / step) * step);
  const ms = Math.round(rounded / 1000);
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${(ms / 1000).toFixed(3).replace(/0+$/, '')}s`;
}
