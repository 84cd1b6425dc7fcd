// The pattern of what is there and not whole: it waits, it is not ready, it is not available yet.

/** Diagonal lines as a pattern. */
export function hatching(ctx: CanvasRenderingContext2D, colour: string, alpha: number): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const t = tile.getContext('2d');
  if (!t) return 'transparent';
  t.globalAlpha = alpha;
  t.strokeStyle = colour;
  t.lineWidth = 1.6;
  t.beginPath();
  for (const x of [-4, 0, 4, 8]) {
    t.moveTo(x - 2, 10);
    t.lineTo(x + 10, -2);
  }
  t.stroke();
  return ctx.createPattern(tile, 'repeat') ?? 'transparent';
}
