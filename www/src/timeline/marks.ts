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
