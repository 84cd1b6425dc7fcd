// The whole run in one strip, with the part in view. Shown only while a part is in view.

import { model } from '../app/context.ts';
import { Fill, type LayoutRequest, STYLE_HUE } from '../core/contract.ts';
import { pxToTime, timeToPx } from '../lib/time-scale.ts';
import { size } from './painter.ts';
import type { Palette } from './palette.ts';
import { type Picture, takePicture } from './picture.ts';

export class Minimap {
  private picture: Picture | null = null;

  /** Lays the whole run out with every group folded. Must come before the layout that is clicked in. */
  layout(width: number): void {
    const folded = model.lanes.filter((lane) => lane.foldable && lane.depth === 0).map((lane) => lane.id);
    const request: LayoutRequest = { width, from_us: 0, to_us: model.until, folded, selected: null, char_width: 1000 };
    this.picture = model.ask((core) => takePicture(core.layout(request)), null);
  }

  paint(canvas: HTMLCanvasElement, colours: Palette): void {
    const ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    size(canvas, { width, height, ratio });
    const ctx = canvas.getContext('2d');
    if (!ctx) return;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    const { rects = [], areas = [], rows = [] } = this.picture ?? {};
    // Only lanes that have bars take room, each as much as the others.
    const place = (y: number) => rows.findIndex((row) => y >= row.y && y < row.y + row.height);
    const shown = new Set<number>();
    for (let i = 1; i < rects.length; i += 6) shown.add(place(rects[i]!));
    for (let i = 1; i < areas.length; i += 7) shown.add(place(areas[i]!));
    const bands = new Map([...shown].sort((a, b) => a - b).map((row, i) => [row, i]));
    const band = (height - 8) / Math.max(1, bands.size);
    const low = Math.max(1, band > 3 ? band - 1 : band);
    for (let i = 0; i + 5 < rects.length; i += 6) {
      ctx.fillStyle = colours.fill[rects[i + 4]!] ?? colours.line;
      const y = 4 + (bands.get(place(rects[i + 1]!)) ?? 0) * band;
      ctx.fillRect(rects[i]!, y, Math.max(1, rects[i + 2]!), low);
    }
    // Of a staircase the heights are kept: one sees where it was low.
    for (let i = 0; i + 6 < areas.length; i += 7) {
      const at = place(areas[i + 1]!);
      const row = rows[at];
      if (!row || areas[i + 4] === Fill.Outline) continue;
      const hue = areas[i + 5]!;
      const tone = hue >= STYLE_HUE ? colours.tones[hue - STYLE_HUE] : colours.revisions[hue];
      ctx.fillStyle = (areas[i + 4] === Fill.Solid ? tone?.full : tone?.pale) ?? colours.line;
      const share = low / Math.max(1, row.height);
      const y = 4 + (bands.get(at) ?? 0) * band + (areas[i + 1]! - row.y) * share;
      ctx.fillRect(areas[i]!, y, Math.max(1, areas[i + 2]!), Math.max(0.5, areas[i + 3]! * share));
    }
    const whole = { from: 0, to: model.until };
    const x1 = timeToPx(model.window.from, whole, width);
    const x2 = timeToPx(model.window.to, whole, width);
    ctx.globalAlpha = 0.72;
    ctx.fillStyle = colours.bg;
    ctx.fillRect(0, 0, x1, height);
    ctx.fillRect(x2, 0, width - x2, height);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colours.accent;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.roundRect(x1 + 0.75, 1.25, Math.max(4, x2 - x1 - 1.5), height - 2.5, 3);
    ctx.stroke();
    ctx.fillStyle = colours.accent;
    ctx.fillRect(timeToPx(model.now, whole, width), 0, 1.5, height);
  }
}

/** Dragging in the strip moves the part in view. */
export function minimapGestures(strip: HTMLElement): void {
  const move = (event: PointerEvent) => {
    const box = strip.getBoundingClientRect();
    const at = pxToTime(event.clientX - box.left, { from: 0, to: model.until }, box.width);
    const half = (model.window.to - model.window.from) / 2;
    model.setWindow({ from: at - half, to: at + half });
  };
  strip.addEventListener('pointerdown', (event) => {
    strip.setPointerCapture(event.pointerId);
    move(event);
  });
  strip.addEventListener('pointermove', (event) => {
    if (strip.hasPointerCapture(event.pointerId)) move(event);
  });
}
