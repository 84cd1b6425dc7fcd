// What is painted beside the run itself: the ghost of another run, and the soft edges of what varies.

import { drawMark } from './marks.ts';
import type { Palette } from './palette.ts';
import type { Picture } from './picture.ts';

/** Bars that the other run has and this one has not: where they were, as outlines behind everything. */
export function paintGhosts(
  ctx: CanvasRenderingContext2D,
  picture: Picture,
  top: number,
  bottom: number,
  colours: Palette,
): void {
  const { ghosts } = picture;
  if (ghosts.length === 0) return;
  ctx.save();
  ctx.lineWidth = 1.25;
  for (let i = 0; i + 4 < ghosts.length; i += 5) {
    const [x, y, w, h] = [ghosts[i]!, ghosts[i + 1]!, ghosts[i + 2]!, ghosts[i + 3]!];
    if (y > bottom || y + h < top) continue;
    const colour = colours.fill[ghosts[i + 4]!] ?? colours.line;
    ctx.beginPath();
    ctx.roundRect(x + 1, y - 2.5, Math.max(2, w - 2), h + 5, Math.min(5, h / 3));
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.12;
    ctx.fill();
    ctx.globalAlpha = 0.85;
    ctx.strokeStyle = colour;
    ctx.setLineDash([4, 3]);
    ctx.stroke();
  }
  ctx.restore();
}

/** Marks that the other run has and this one has not. */
export function paintGhostMarks(
  ctx: CanvasRenderingContext2D,
  picture: Picture,
  top: number,
  bottom: number,
  colours: Palette,
): void {
  const { ghostMarks } = picture;
  ctx.save();
  ctx.globalAlpha = 0.32;
  for (let i = 0; i + 3 < ghostMarks.length; i += 4) {
    const y = ghostMarks[i + 1]!;
    if (y < top - 10 || y > bottom + 10 || ghostMarks[i]! < -0.5) continue;
    drawMark(ctx, ghostMarks[i]!, y, ghostMarks[i + 2]!, ghostMarks[i + 3]!, colours);
  }
  ctx.restore();
}

/** Soft edges: between the earliest and the latest beginning a bar fades into the one before it. */
export function paintBands(
  ctx: CanvasRenderingContext2D,
  picture: Picture,
  top: number,
  bottom: number,
  colours: Palette,
): void {
  const { bands } = picture;
  ctx.save();
  for (let i = 0; i + 4 < bands.length; i += 5) {
    const [x1, x2, y, h, x] = [bands[i]!, bands[i + 1]!, bands[i + 2]!, bands[i + 3]!, bands[i + 4]!];
    if (y > bottom || y + h < top) continue;
    const from = Math.min(x1, x - 1);
    const to = Math.max(x2, x + 1);
    const fade = ctx.createLinearGradient(from, 0, to, 0);
    const at = Math.min(0.95, Math.max(0.05, (x - from) / (to - from)));
    fade.addColorStop(0, clear(colours.bg));
    fade.addColorStop(at, colours.bg);
    fade.addColorStop(1, clear(colours.bg));
    ctx.globalAlpha = 0.55;
    ctx.fillStyle = fade;
    ctx.fillRect(from, y, to - from, h);
    // Whiskers say how far it reaches where the fading is too fine to be seen.
    ctx.globalAlpha = 0.9;
    ctx.fillStyle = colours.quiet;
    ctx.fillRect(from, y + h + 1.5, to - from, 1);
    ctx.fillRect(from, y + h, 1, 4);
    ctx.fillRect(to - 1, y + h, 1, 4);
  }
  ctx.restore();
}

/** The colour with nothing of it: black would show in the middle of a fading. */
function clear(colour: string): string {
  return colour.startsWith('rgb(') ? `rgba${colour.slice(3, -1)}, 0)` : 'transparent';
}
