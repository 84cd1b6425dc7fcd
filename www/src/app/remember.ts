// What a reload brings back besides the text: where the playhead stood, how fast it went, which luck was drawn.

import { keep, recall } from '../lib/storage.ts';
import { model } from './context.ts';

interface State {
  /** The text it belongs to, by its length and a checksum. */
  text: string;
  now: number;
  speed: number;
  seed: number;
}

/** A short name for a text; equal texts have equal names. */
function nameOf(text: string): string {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  return `${text.length}.${sum}`;
}

function remembered(): State | null {
  try {
    const state = JSON.parse(recall('state') ?? 'null') as Partial<State> | null;
    if (!state || state.text !== nameOf(model.text)) return null;
    const number = (value: unknown, otherwise: number) =>
      typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : otherwise;
    return { text: state.text, now: number(state.now, 0), speed: number(state.speed, 0), seed: number(state.seed, 0) };
  } catch {
    return null;
  }
}

/** Before the first run: the seed. */
export function recallSeed(): void {
  model.seed = remembered()?.seed ?? 0;
}

/** After the first run: the playhead and its speed. True if there was something to bring back. */
export function recallPlace(): boolean {
  const state = remembered();
  if (!state || state.now === 0) return false;
  if (state.speed > 0) model.setSpeed(state.speed);
  model.seek(state.now);
  return true;
}

export function startRemembering(): void {
  const save = () => {
    const { now, seed } = model;
    const state: State = { text: nameOf(model.text), now, speed: model.player.speed, seed };
    keep('state', JSON.stringify(state));
  };
  addEventListener('pagehide', save);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && save());
}
