// Maps simulated microseconds to pixels of the plot and back. A window never leaves [0, until] and never gets shorter
// than a millisecond: below that nothing is simulated.

export interface Window {
  from: number;
  to: number;
}

export const MIN_SPAN_US = 1_000;

export function timeToPx(us: number, window: Window, width: number): number {
  return ((us - window.from) / (window.to - window.from)) * width;
}

export function pxToTime(px: number, window: Window, width: number): number {
  return window.from + (px / Math.max(1, width)) * (window.to - window.from);
}

/** The window moved and shortened so that it lies within [0, until]. */
export function clampWindow(window: Window, until: number): Window {
  const span = Math.min(Math.max(window.to - window.from, MIN_SPAN_US), Math.max(until, MIN_SPAN_US));
  const from = Math.min(Math.max(0, window.from), Math.max(0, until - span));
  return { from, to: from + span };
}

/** Zooms by `factor` (> 1 shows more) and keeps the instant `anchor` where it is on the screen. */
export function zoom(window: Window, factor: number, anchor: number, until: number): Window {
  const span = Math.min(Math.max((window.to - window.from) * factor, MIN_SPAN_US), Math.max(until, MIN_SPAN_US));
  const share = (anchor - window.from) / (window.to - window.from);
  const from = anchor - share * span;
  return clampWindow({ from, to: from + span }, until);
}

export function pan(window: Window, deltaUs: number, until: number): Window {
  return clampWindow({ from: window.from + deltaUs, to: window.to + deltaUs }, until);
}

/** Moves the window only if `us` is outside, so that it lands at `share` of the width. */
export function reveal(window: Window, us: number, until: number, share = 0.15): Window {
  if (us >= window.from && us <= window.to) return window;
  const span = window.to - window.from;
  return clampWindow({ from: us - span * share, to: us - span * share + span }, until);
}
