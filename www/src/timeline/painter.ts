// Paints a picture twice, as it was and as it is to be, into two layers; a frame in which only the playhead moves just
// copies the two sides of it. Coordinates are CSS pixels; `top` is how far the body is scrolled.

import { Style } from '../core/contract.ts';
import { paintAreas, placesOf } from './areas.ts';
import { paintBands, paintGhostMarks, paintGhosts } from './beside.ts';
import { hatching } from './hatching.ts';
import { Sprites } from './marks.ts';
import type { Palette } from './palette.ts';
import type { Picture } from './picture.ts';

export interface Emphasis {
  selected: number | null;
  hovered: number | null;
  lit: ReadonlySet<number>;
}

export interface Frame {
  width: number;
  height: number;
  top: number;
  ratio: number;
  font: string;
  /** Tops of the groups of lanes, where a line parts them. */
  groups: number[];
}

const SELECTED = 0.5;

/** The canvas reaches so far to the left of t = 0 that a mark there is whole. */
export const BLEED = 7;

export class Painter {
  private readonly past = document.createElement('canvas');
  private readonly future = document.createElement('canvas');
  /** Layers that do not show the newest picture yet: at the very start and the very end one of the two is enough. */
  private due = new Set<HTMLCanvasElement>();
  private repaint: (canvas: HTMLCanvasElement) => void = () => undefined;
  private readonly sprites = new Sprites();
  private hatches = new Map<string, CanvasPattern | string>();

  /** Another picture, or another look of it: both layers have to be painted anew, each when it is needed. */
  layers(picture: Picture, frame: Frame, colours: Palette, emphasis: Emphasis): void {
    this.hatches.clear();
    this.due = new Set([this.past, this.future]);
    this.repaint = (canvas) => {
      size(canvas, { ...frame, width: frame.width + BLEED });
      const ctx = canvas.getContext('2d');
      if (!ctx) return;
      ctx.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
      ctx.clearRect(0, 0, frame.width + BLEED, frame.height);
      ctx.translate(BLEED, -frame.top);
      this.paint(ctx, picture, frame, colours, emphasis, canvas === this.past);
    };
  }

  private layer(canvas: HTMLCanvasElement): HTMLCanvasElement {
    if (this.due.delete(canvas)) this.repaint(canvas);
    return canvas;
  }

  /** Puts the layers together on the visible canvas, the past left of `playhead`. */
  compose(canvas: HTMLCanvasElement, frame: Frame, playhead: number): void {
    size(canvas, { ...frame, width: frame.width + BLEED });
    const ctx = canvas.getContext('2d');
    if (!ctx) return;
    const { width, height } = canvas;
    const cut = playhead <= 0 ? 0 : Math.min(width, Math.round((playhead + BLEED) * frame.ratio));
    // All of one layer is copied as it is; two are put beside each other.
    ctx.globalCompositeOperation = cut === 0 || cut === width ? 'copy' : 'source-over';
    if (cut > 0 && cut < width) ctx.clearRect(0, 0, width, height);
    if (cut > 0) ctx.drawImage(this.layer(this.past), 0, 0, cut, height, 0, 0, cut, height);
    if (cut < width) ctx.drawImage(this.layer(this.future), cut, 0, width - cut, height, cut, 0, width - cut, height);
  }

  private paint(
    ctx: CanvasRenderingContext2D,
    picture: Picture,
    frame: Frame,
    colours: Palette,
    emphasis: Emphasis,
    past: boolean,
  ): void {
    const { top } = frame;
    const bottom = top + frame.height;
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, top, frame.width, frame.height);
    ctx.clip();
    this.grid(ctx, picture, frame, colours);
    paintGhosts(ctx, picture, top, bottom, colours);
    paintAreas(ctx, picture, top, bottom, colours, past, (colour) => this.hatch(ctx, colour, 0.7));
    this.bars(ctx, picture, top, bottom, colours, past);
    paintBands(ctx, picture, top, bottom, colours);
    this.outlines(ctx, picture, top, bottom, colours, emphasis);
    this.words(ctx, picture, frame, top, bottom, colours, past);
    this.links(ctx, picture, colours);
    ctx.restore();
    paintGhostMarks(ctx, picture, top, bottom, colours);
    ctx.globalAlpha = past ? 1 : 0.5;
    ctx.imageSmoothingEnabled = false;
    const { marks } = picture;
    for (let i = 0; i + 4 < marks.length; i += 5) {
      const y = marks[i + 1]!;
      if (y < top - 10 || y > bottom + 10 || marks[i]! < -0.5) continue;
      const entry = marks[i + 4]!;
      if (entry === emphasis.selected || emphasis.lit.has(entry) || entry === emphasis.hovered)
        halo(ctx, marks[i]!, y, colours, entry === emphasis.selected);
      this.sprites.draw(ctx, marks[i]!, y, marks[i + 2]!, marks[i + 3]!, colours, frame.ratio);
    }
    ctx.globalAlpha = 1;
  }

  private grid(ctx: CanvasRenderingContext2D, picture: Picture, frame: Frame, colours: Palette): void {
    ctx.fillStyle = colours.soft;
    for (const tick of picture.ticks) ctx.fillRect(Math.round(tick.x), frame.top, 1, frame.height);
    for (const y of frame.groups) ctx.fillRect(0, Math.round(y), frame.width, 1);
  }

  private bars(
    ctx: CanvasRenderingContext2D,
    picture: Picture,
    top: number,
    bottom: number,
    colours: Palette,
    past: boolean,
  ): void {
    const { rects } = picture;
    const fills = past ? colours.fill : colours.faint;
    let style = -1;
    for (let i = 0; i + 5 < rects.length; i += 6) {
      const y = rects[i + 1]!;
      const h = rects[i + 3]!;
      if (y > bottom || y + h < top) continue;
      const x = rects[i]!;
      const w = rects[i + 2]!;
      if (rects[i + 4] !== style) {
        style = rects[i + 4]!;
        ctx.fillStyle = fills[style] ?? colours.line;
      }
      if (style === Style.GraceLeft) this.hollow(ctx, x, y, w, h, colours.fill[Style.Grace] ?? colours.line);
      else if (style === Style.Step) this.step(ctx, x, y, w, h, colours, past);
      else if (w < 4) ctx.fillRect(x, y, Math.max(w, 1), h);
      else {
        // Half a pixel on either side parts a bar from its neighbour.
        const radius = Math.min(4, h / 3, w / 3);
        ctx.beginPath();
        ctx.roundRect(x + 0.5, y, w - 1, h, radius);
        ctx.fill();
        if (style === Style.RunningUnready || style === Style.Waiting || style === Style.GraceEaten) {
          ctx.fillStyle = this.hatch(ctx, past ? colours.bg : (colours.fill[style] ?? colours.bg), past ? 0.28 : 0.3);
          ctx.fill();
          ctx.fillStyle = fills[style] ?? colours.line;
        }
      }
    }
  }

  /** What nobody needed of a grace period: there, and empty. */
  private hollow(ctx: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, colour: string): void {
    ctx.beginPath();
    ctx.roundRect(x + 1, y + 0.5, Math.max(1, w - 2), h - 1, 3);
    ctx.fill();
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    ctx.setLineDash([3, 2.5]);
    ctx.stroke();
    ctx.restore();
  }

  /** What people do is drawn as an outline: it is said, not measured. */
  private step(
    ctx: CanvasRenderingContext2D,
    x: number,
    y: number,
    w: number,
    h: number,
    colours: Palette,
    past: boolean,
  ): void {
    ctx.save();
    ctx.beginPath();
    ctx.roundRect(x + 0.75, y + 0.75, Math.max(3, w - 1.5), h - 1.5, 4);
    ctx.fillStyle = colours.faint[Style.Step] ?? colours.bg;
    ctx.globalAlpha = past ? 1 : 0.55;
    ctx.fill();
    ctx.lineWidth = 1.25;
    ctx.strokeStyle = colours.accent;
    ctx.stroke();
    ctx.restore();
  }

  private outlines(
    ctx: CanvasRenderingContext2D,
    picture: Picture,
    top: number,
    bottom: number,
    colours: Palette,
    emphasis: Emphasis,
  ): void {
    const { selected, hovered, lit } = emphasis;
    if (selected === null && hovered === null && lit.size === 0) return;
    const { rects } = picture;
    ctx.strokeStyle = colours.accent;
    const outline = (x: number, y: number, w: number, h: number, chosen: boolean): void => {
      if (y > bottom || y + h < top) return;
      ctx.lineWidth = chosen ? 2 : 1.5;
      const out = chosen ? 2 : 1.25;
      ctx.beginPath();
      ctx.roundRect(x - out + 0.5, y - out, w - 1 + 2 * out, h + 2 * out, 5);
      ctx.stroke();
    };
    for (let i = 0; i + 5 < rects.length; i += 6) {
      const entry = rects[i + 5]!;
      if (entry !== selected && entry !== hovered && !lit.has(entry)) continue;
      outline(rects[i]!, rects[i + 1]!, rects[i + 2]!, rects[i + 3]!, entry === selected);
    }
    if (picture.areas.length === 0) return;
    for (const [x, y, w, h] of placesOf(picture, (entry) => entry === hovered || lit.has(entry)))
      outline(x!, y!, w!, h!, false);
    for (const [x, y, w, h] of placesOf(picture, (entry) => entry === selected)) outline(x!, y!, w!, h!, true);
  }

  private words(
    ctx: CanvasRenderingContext2D,
    picture: Picture,
    frame: Frame,
    top: number,
    bottom: number,
    colours: Palette,
    past: boolean,
  ): void {
    const { texts, strings } = picture;
    const inks = past ? colours.ink : colours.faintInk;
    ctx.font = frame.font;
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'left';
    for (let i = 0; i + 4 < texts.length; i += 5) {
      const y = texts[i + 1]!;
      if (y < top - 12 || y > bottom + 12) continue;
      const style = texts[i + 3]!;
      const text = strings[texts[i + 4]!];
      if (!text) continue;
      const note = style === Style.Note;
      ctx.fillStyle = style === Style.Step ? colours.accent : note ? colours.quiet : (inks[style] ?? colours.text);
      ctx.globalAlpha = note && !past ? 0.6 : 1;
      ctx.fillText(text, texts[i]!, y + 0.5, Math.max(texts[i + 2]!, 8));
    }
    ctx.globalAlpha = 1;
  }

  /** The chain of causes of the selected entry. */
  private links(ctx: CanvasRenderingContext2D, picture: Picture, colours: Palette): void {
    const { links } = picture;
    if (links.length === 0) return;
    ctx.save();
    ctx.beginPath();
    for (let i = 0; i + 4 < links.length; i += 5) {
      const [x1, y1, x2, y2] = [links[i]!, links[i + 1]!, links[i + 2]!, links[i + 3]!];
      const level = Math.abs(y2 - y1) < 2;
      const reach = Math.max(12, Math.abs(x2 - x1) * SELECTED);
      const lift = level ? Math.min(14, Math.abs(x2 - x1) / 3) : 0;
      ctx.moveTo(x1, y1);
      if (level) ctx.bezierCurveTo(x1 + reach / 2, y1 - lift, x2 - reach / 2, y2 - lift, x2, y2);
      // Down or up first: the words in a bar begin beside its left end.
      else ctx.bezierCurveTo(x1, y1 + (y2 - y1) * 0.7, x2 - reach * 0.6, y2, x2, y2);
    }
    // On a ground of its own the line is seen on every bar.
    ctx.strokeStyle = colours.bg;
    ctx.globalAlpha = 0.6;
    ctx.lineWidth = 3;
    ctx.stroke();
    ctx.strokeStyle = colours.accent;
    ctx.globalAlpha = 1;
    ctx.lineWidth = 1.5;
    ctx.setLineDash([2.5, 3]);
    ctx.stroke();
    ctx.restore();
  }

  private hatch(ctx: CanvasRenderingContext2D, colour: string, alpha: number): CanvasPattern | string {
    const key = `${colour}/${alpha}`;
    const pattern = this.hatches.get(key) ?? hatching(ctx, colour, alpha);
    this.hatches.set(key, pattern);
    return pattern;
  }
}

function halo(ctx: CanvasRenderingContext2D, x: number, y: number, colours: Palette, selected: boolean): void {
  ctx.save();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = colours.accent;
  ctx.lineWidth = selected ? 2 : 1.5;
  ctx.beginPath();
  ctx.arc(x, y, selected ? 9 : 8, 0, Math.PI * 2);
  ctx.stroke();
  ctx.restore();
}

/** Gives a canvas its device pixels; setting them clears it, so only when they change. */
export function size(canvas: HTMLCanvasElement, frame: { width: number; height: number; ratio: number }): void {
  const width = Math.max(1, Math.round(frame.width * frame.ratio));
  const height = Math.max(1, Math.round(frame.height * frame.ratio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
