// The marks of the timeline. Shape carries the outcome; colour only repeats it.

import { Shape, Style } from '../core/contract.ts';
import type { Palette } from './palette.ts';

const TAU = Math.PI * 2;

export function drawMark(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  shape: number,
  style: number,
  colours: Palette,
): void {
  const colour = style === Style.Neutral ? colours.event : (colours.fill[style] ?? colours.event);
  ctx.fillStyle = colour;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.75;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.beginPath();
  switch (shape) {
    case Shape.Success:
      ctx.arc(x, y, 3.25, 0, TAU);
      ctx.fill();
      break;
    case Shape.Failure:
      cross(ctx, x, y, 3);
      ctx.stroke();
      break;
    case Shape.TippingFailure:
      ctx.roundRect(x - 6, y - 6, 12, 12, 3);
      ctx.fill();
      ctx.beginPath();
      cross(ctx, x, y, 2.6);
      ctx.strokeStyle = colours.ink[style] ?? colours.bg;
      ctx.stroke();
      break;
    case Shape.Event:
      polygon(ctx, [x, y - 4.2, x + 4.2, y, x, y + 4.2, x - 4.2, y]);
      ctx.fill();
      break;
    case Shape.Warning:
      polygon(ctx, [x, y - 4.6, x + 4.8, y + 3.8, x - 4.8, y + 3.8]);
      ctx.fill();
      break;
    case Shape.Step:
      ctx.moveTo(x, y + 6);
      ctx.lineTo(x, y - 6);
      ctx.stroke();
      polygon(ctx, [x, y - 6, x + 7, y - 3.2, x, y - 0.4]);
      ctx.fill();
      break;
    case Shape.Signal:
      polygon(ctx, [
        x + 1.6,
        y - 6,
        x - 3.8,
        y + 1,
        x - 0.4,
        y + 1,
        x - 1.6,
        y + 6,
        x + 3.8,
        y - 1.4,
        x + 0.4,
        y - 1.4,
      ]);
      ctx.fill();
      break;
    default:
      ctx.arc(x, y, 4.4, 0, TAU);
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(x, y, 2, 0, TAU);
      ctx.fill();
  }
}

function cross(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  ctx.moveTo(x - r, y - r);
  ctx.lineTo(x + r, y + r);
  ctx.moveTo(x + r, y - r);
  ctx.lineTo(x - r, y + r);
}

function polygon(ctx: CanvasRenderingContext2D, points: number[]): void {
  ctx.beginPath();
  ctx.moveTo(points[0] ?? 0, points[1] ?? 0);
  for (let i = 2; i < points.length; i += 2) ctx.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
  ctx.closePath();
}

/** Half the side of a sprite: the largest mark and its soft edge. */
const HALF = 9;

/** Marks painted once and then copied: thousands of small curves would cost more than the whole rest of the picture. */
export class Sprites {
  private readonly kept = new Map<number, HTMLCanvasElement>();
  private colours: Palette | null = null;
  private ratio = 0;

  draw(
    ctx: CanvasRenderingContext2D,
    x: number,
    y: number,
    shape: number,
    style: number,
    colours: Palette,
    ratio: number,
  ): void {
    if (colours !== this.colours || ratio !== this.ratio) {
      this.kept.clear();
      this.colours = colours;
      this.ratio = ratio;
    }
    const key = shape * 256 + style;
    let sprite = this.kept.get(key);
    if (!sprite) {
      sprite = document.createElement('canvas');
      sprite.width = sprite.height = Math.ceil(2 * HALF * ratio);
      const own = sprite.getContext('2d');
      own?.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (own) drawMark(own, HALF, HALF, shape, style, colours);
      this.kept.set(key, sprite);
    }
    // On whole pixels of the screen nothing is blurred by the copying.
    const place = (at: number) => Math.round((at - HALF) * ratio) / ratio;
    ctx.drawImage(sprite, place(x), place(y), sprite.width / ratio, sprite.height / ratio);
  }
}
