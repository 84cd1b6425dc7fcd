// Staircases of counts and strips of Pods: texture says the state, colour the revision.

import { Fill, STYLE_HUE } from '../core/contract.ts';
import { hatching } from './hatching.ts';
import type { Palette, Tone } from './palette.ts';
import type { Picture } from './picture.ts';

/** Numbers of an area in the list. */
const AREA = 7;

const toneOf = (hue: number, colours: Palette): Tone | undefined =>
  hue >= STYLE_HUE ? colours.tones[hue - STYLE_HUE] : colours.revisions[hue];

/** A diagonal hatching in a colour, on ground that is already painted. */
export type Hatch = (colour: string) => CanvasPattern | string;

/** All areas in sight, then the lines that say how many are wanted. */
export function paintAreas(
  ctx: CanvasRenderingContext2D,
  picture: Picture,
  top: number,
  bottom: number,
  colours: Palette,
  past: boolean,
  hatch: Hatch,
): void {
  const { areas } = picture;
  for (let i = 0; i + 6 < areas.length; i += AREA) {
    const [y, h] = [areas[i + 1]!, areas[i + 3]!];
    const fill = areas[i + 4]!;
    const tone = toneOf(areas[i + 5]!, colours);
    if (!tone || fill === Fill.Outline || y > bottom || y + h < top) continue;
    // On whole pixels no ground shows between the steps.
    const x = Math.round(areas[i]!);
    const w = Math.max(1, Math.round(areas[i]! + areas[i + 2]!) - x);
    area(ctx, x, y, w, h, fill, tone, past, hatch);
  }
  wanted(ctx, areas, top, bottom, colours, past);
}

function area(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  w: number,
  h: number,
  fill: number,
  tone: Tone,
  past: boolean,
  hatch: Hatch,
): void {
  const full = past ? tone.full : tone.faint;
  ctx.fillStyle = fill === Fill.Solid || fill === Fill.Edge ? full : past ? tone.pale : tone.faintPale;
  ctx.fillRect(x, y, w, h);
  if (fill !== Fill.Hatched) return;
  ctx.fillStyle = hatch(full);
  ctx.fillRect(x, y, w, h);
}

/** One area by itself, for a legend. */
export function drawSample(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  w: number,
  h: number,
  fill: number,
  hue: number,
  colours: Palette,
): void {
  const tone = toneOf(hue, colours);
  if (!tone) return;
  if (fill === Fill.Outline) {
    wanted(ctx, Float32Array.of(x, y + h / 2, w, h, fill, hue, 0), 0, y + 2 * h, colours, true);
    return;
  }
  const low = fill === Fill.Edge ? 3 : h;
  area(ctx, x, y + (h - low) / 2, w, low, fill, tone, true, (colour) => hatching(ctx, colour, 0.7));
}

/** The line over each staircase: how many are wanted, step by step. */
function wanted(
  ctx: CanvasRenderingContext2D,
  areas: Float32Array,
  top: number,
  bottom: number,
  colours: Palette,
  past: boolean,
): void {
  ctx.save();
  ctx.beginPath();
  let right = Number.NaN;
  let ground = Number.NaN;
  for (let i = 0; i + 6 < areas.length; i += AREA) {
    if (areas[i + 4] !== Fill.Outline) continue;
    const [x, y, w, h] = [areas[i]!, areas[i + 1]!, areas[i + 2]!, areas[i + 3]!];
    if (y > bottom || y + h < top || h === 0) continue;
    const level = Math.round(y) + 0.5;
    if (Math.abs(right - x) < 0.6 && Math.abs(ground - y - h) < 0.6) ctx.lineTo(x, level);
    else ctx.moveTo(x, level);
    ctx.lineTo(x + w, level);
    right = x + w;
    ground = y + h;
  }
  ctx.strokeStyle = colours.text;
  ctx.globalAlpha = past ? 0.7 : 0.4;
  ctx.lineWidth = 1;
  ctx.setLineDash([4, 2.5]);
  ctx.stroke();
  ctx.restore();
}

/** The places of the steps and strips that show one of these entries, each as a whole: x, y, w, h. */
export function placesOf(picture: Picture, shows: (entry: number) => boolean): number[][] {
  const { areas } = picture;
  const found: number[][] = [];
  let last = -1;
  for (let i = 0; i + 6 < areas.length; i += AREA) {
    const entry = areas[i + 6]!;
    if (areas[i + 4] === Fill.Edge || !shows(entry)) continue;
    const [x, y, right, bottom] = [areas[i]!, areas[i + 1]!, areas[i]! + areas[i + 2]!, areas[i + 1]! + areas[i + 3]!];
    const box = found.at(-1);
    // Parts of one step follow each other.
    if (entry === last && box) {
      const below = Math.max(box[1]! + box[3]!, bottom);
      box[1] = Math.min(box[1]!, y);
      box[3] = below - box[1];
      box[2] = Math.max(box[0]! + box[2]!, right) - box[0]!;
    } else found.push([x, y, right - x, bottom - y]);
    last = entry;
  }
  return found;
}
