// Where in a row its name should stand: beside the middle of its bars, not of the row, which may hold a strip of event
// marks below them.

import type { Row } from '../core/contract.ts';

/**
 * Distance from the top of a row to the middle of its tallest bar, by lane. `known` keeps what was seen before, so that
 * names do not move when a row's bars are out of sight. Rows and rectangles come from the top to the bottom.
 */
export function middles(
  rows: readonly Row[],
  rects: Float32Array,
  known: ReadonlyMap<number, number>,
): Map<number, number> {
  const out = new Map<number, number>();
  let i = 0;
  for (const row of rows) {
    let tallest = 0;
    for (; i + 5 < rects.length && (rects[i + 1] ?? 0) < row.y + row.height; i += 6) {
      const y = rects[i + 1] ?? 0;
      const h = rects[i + 3] ?? 0;
      if (y < row.y || h <= tallest) continue;
      tallest = h;
      out.set(row.lane, y - row.y + h / 2);
    }
    const before = known.get(row.lane);
    if (!out.has(row.lane) && before !== undefined && before < row.height) out.set(row.lane, before);
  }
  return out;
}
