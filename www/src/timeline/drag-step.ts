// A step is dragged along the axis by rewriting its `at` in the manifest; the future follows at once.

import { model } from '../app/context.ts';
import { editor } from '../editor/editor.ts';
import { instantNear, type Place, spanText } from '../lib/step-time.ts';

export interface StepDrag {
  move(deltaPx: number): void;
}

function placeOf(entry: number): Place | null {
  const why = model.ask((core) => core.entry(entry), undefined);
  const lane = model.lanes.find((l) => l.id === why?.lane);
  if (lane?.kind !== 'steps') return null;
  const field = why?.fields.find((f) => /steps\[\d+\]/.test(f.path));
  return field ? instantNear(model.text, field.from) : null;
}

/** Begins a drag, if the entry is a step whose instant stands in the text. */
export function beginStepDrag(entry: number, usPerPx: number): StepDrag | null {
  const place = placeOf(entry);
  const start = model.ask((core) => core.entry(entry)?.at_us, undefined);
  if (!place || start === undefined) return null;
  let length = place.to - place.from;
  return {
    move(deltaPx) {
      const text = spanText(start + deltaPx * usPerPx, usPerPx);
      if (model.text.slice(place.from, place.from + length) === text) return;
      editor()?.change(place.from, place.from + length, text);
      length = text.length;
    },
  };
}
