import { describe, expect, test } from 'vitest';
import { clampWindow, MIN_SPAN_US, pan, pxToTime, reveal, timeToPx, zoom } from '../../src/lib/time-scale.ts';

const window = { from: 10e6, to: 30e6 };

describe('time scale', () => {
  test('pixels and times are inverse', () => {
    for (const us of [10e6, 12.345e6, 30e6]) {
      expect(pxToTime(timeToPx(us, window, 800), window, 800)).toBeCloseTo(us, 3);
    }
    expect(timeToPx(20e6, window, 800)).toBe(400);
    expect(timeToPx(0, window, 800)).toBe(-400);
  });

  test('zooming keeps the anchor where it is', () => {
    const next = zoom(window, 0.5, 15e6, 60e6);
    expect(next.to - next.from).toBe(10e6);
    expect(timeToPx(15e6, next, 800)).toBeCloseTo(timeToPx(15e6, window, 800));
  });

  test('zooming out stops at the whole run, zooming in at a millisecond', () => {
    expect(zoom(window, 100, 20e6, 60e6)).toEqual({ from: 0, to: 60e6 });
    const least = zoom(window, 1e-9, 20e6, 60e6);
    expect(least.to - least.from).toBe(MIN_SPAN_US);
  });

  test('panning stops at both ends and keeps the span', () => {
    expect(pan(window, -50e6, 60e6)).toEqual({ from: 0, to: 20e6 });
    expect(pan(window, 50e6, 60e6)).toEqual({ from: 40e6, to: 60e6 });
  });

  test('a window longer than the run is the run', () => {
    expect(clampWindow({ from: -5, to: 100e6 }, 60e6)).toEqual({ from: 0, to: 60e6 });
  });

  test('revealing moves only when needed', () => {
    expect(reveal(window, 20e6, 60e6)).toBe(window);
    const next = reveal(window, 35e6, 60e6);
    expect(next.from).toBeLessThanOrEqual(35e6);
    expect(next.to).toBeGreaterThanOrEqual(35e6);
    expect(next.to - next.from).toBe(20e6);
  });
});
