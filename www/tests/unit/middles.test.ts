import { expect, test } from 'vitest';
import { middles } from '../../src/timeline/middles.ts';

const rows = [
  { lane: 4, y: 0, height: 40 },
  { lane: 7, y: 40, height: 20 },
  { lane: 9, y: 60, height: 20 },
];

test('a name stands beside its tallest bar, or where it stood', () => {
  const rects = Float32Array.from([0, 4, 10, 22, 2, 0, 0, 30, 10, 4, 6, 1, 0, 44, 10, 12, 2, 2]);
  expect([...middles(rows, rects, new Map([[9, 8]]))]).toEqual([
    [4, 15],
    [7, 10],
    [9, 8],
  ]);
  expect(middles(rows, new Float32Array(), new Map()).size).toBe(0);
});
