// Pointer and wheel on the plot and the ruler: scrub, pan, zoom, select, hover.

import { model } from '../app/context.ts';
import { pxToTime } from '../lib/time-scale.ts';
import { beginStepDrag, type StepDrag } from './drag-step.ts';

/** A movement up to this many pixels is a click. */
const SLOP = 4;

export interface PlotHooks {
  width(): number;
  /** Entry under a point of the plot. */
  hit(x: number, y: number): number | null;
  hover(entry: number | null, event: PointerEvent): void;
}

function localX(element: HTMLElement, clientX: number): number {
  return clientX - element.getBoundingClientRect().left;
}

/** Dragging in the ruler, or its playhead badge, moves the present. */
export function scrubbing(handle: HTMLElement, ruler: () => HTMLElement | undefined, width: () => number): void {
  const move = (event: PointerEvent) => {
    const on = ruler();
    if (on) model.seek(pxToTime(localX(on, event.clientX), model.window, width()));
  };
  handle.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    model.player.pause();
    model.emit('play');
    if (handle === ruler()) move(event);
  });
  handle.addEventListener('pointermove', (event) => {
    if (handle.hasPointerCapture(event.pointerId)) move(event);
  });
}

export function plotGestures(plot: HTMLElement, hooks: PlotHooks): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let start: { x: number; moved: boolean; step: StepDrag | null } | null = null;

  plot.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const box = plot.getBoundingClientRect();
    const under = hooks.hit(event.clientX - box.left, event.clientY - box.top);
    const usPerPx = (model.window.to - model.window.from) / hooks.width();
    start = { x: event.clientX, moved: pointers.size > 1, step: under === null ? null : beginStepDrag(under, usPerPx) };
    plot.setPointerCapture(event.pointerId);
  });

  plot.addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before || !start) {
      const box = plot.getBoundingClientRect();
      hooks.hover(hooks.hit(event.clientX - box.left, event.clientY - box.top), event);
      return;
    }
    if (Math.abs(event.clientX - start.x) > SLOP) start.moved = true;
    const after = { x: event.clientX, y: event.clientY };
    if (pointers.size === 2) pinch(event.pointerId, before, after);
    else if (start.moved && start.step) start.step.move(event.clientX - start.x);
    else if (start.moved) {
      plot.classList.add('dragging');
      model.panBy((before.x - after.x) / hooks.width());
    }
    pointers.set(event.pointerId, after);
  });

  const end = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    plot.classList.remove('dragging');
    if (!start) return;
    const clicked = !start.moved && event.type === 'pointerup';
    if (pointers.size === 0) start = null;
    if (!clicked) return;
    const box = plot.getBoundingClientRect();
    model.select(hooks.hit(event.clientX - box.left, event.clientY - box.top));
  };
  plot.addEventListener('pointerup', end);
  plot.addEventListener('pointercancel', end);
  plot.addEventListener('pointerleave', (event) => hooks.hover(null, event));

  plot.addEventListener('dblclick', (event) => {
    model.zoomBy(0.4, pxToTime(localX(plot, event.clientX), model.window, hooks.width()));
  });

  function pinch(id: number, before: { x: number }, after: { x: number }): void {
    const other = [...pointers].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const was = Math.max(20, Math.abs(before.x - other.x));
    const is = Math.max(20, Math.abs(after.x - other.x));
    model.zoomBy(was / is, pxToTime(localX(plot, (after.x + other.x) / 2), model.window, hooks.width()));
  }
}

/** Ctrl + wheel zooms at the pointer, Shift + wheel and sideways wheels pan; a plain wheel scrolls the lanes. */
export function wheel(area: HTMLElement, plot: HTMLElement, width: () => number): void {
  area.addEventListener(
    'wheel',
    (event) => {
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const factor = Math.exp(Math.max(-80, Math.min(80, event.deltaY * unit)) * 0.004);
        model.zoomBy(factor, pxToTime(localX(plot, event.clientX), model.window, width()));
        return;
      }
      const sideways = event.deltaX !== 0 ? event.deltaX : event.shiftKey ? event.deltaY : 0;
      if (sideways === 0 || Math.abs(event.deltaY) > Math.abs(sideways)) return;
      event.preventDefault();
      model.panBy((sideways * unit) / width());
    },
    { passive: false },
  );
}
