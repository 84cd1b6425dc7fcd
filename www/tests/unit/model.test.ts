// What is asked of a run that is not computed yet: in order, and nothing is lost.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Podscope } from '../../src/core/contract.ts';
import { Session } from '../../src/core/session.ts';

let frames: FrameRequestCallback[] = [];

beforeEach(() => {
  vi.resetModules();
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (job: FrameRequestCallback) => frames.push(job));
  vi.stubGlobal('window', { setTimeout: () => 0 });
  vi.stubGlobal('location', { search: '' });
});
afterEach(() => vi.unstubAllGlobals());

/** One frame of the browser. */
function frame(): void {
  for (const job of frames.splice(0)) job(performance.now());
}

/** A run of 60 s with an entry every 10 s, of which each frame computes so many seconds, and seeks come so far. */
function core(perFrame: number, perTick = 60e6) {
  let computed = 0;
  let now = 0;
  const entries = [10, 20, 30, 40, 50].map((s) => s * 1e6);
  const known = () => entries.filter((at) => at <= computed);
  return {
    set_language() {},
    set_text() {
      computed = 0;
      now = 0;
    },
    advance() {
      // The model computes on until its slice of the frame is over: this takes all of it.
      const end = performance.now() + 20;
      while (performance.now() < end);
      computed = Math.min(60e6, computed + perFrame * 1e6);
      return { done: computed === 60e6, at_us: computed, until_us: 60e6, entries: known().length + 1 };
    },
    info: () => ({ version: '1', kubernetes: '1', until_us: 60e6, seed: 0, start_unix: 0 }),
    diagnostics: () => [],
    lanes: () => [],
    differences: () => [],
    step: (at: number, direction: number) =>
      direction > 0 ? known().find((e) => e > at) : known().findLast((e) => e < at),
    surprise: () => undefined,
    entry: (id: number) => ({ id, at_us: entries[id], title: `entry ${id}`, lane: 0 }),
    tick(target: number) {
      const end = performance.now() + 20;
      while (perTick < 60e6 && performance.now() < end);
      now = target < now ? target : Math.min(target, now + perTick);
      return { at_us: now, to_entry: entries.filter((at) => at <= now).length, done: now === target };
    },
    keep: () => true,
    let_go() {},
  } as unknown as Podscope;
}

async function made(perFrame: number, perTick?: number) {
  const { Model } = await import('../../src/app/model.ts');
  const model = new Model();
  model.setText('text');
  const session = new Session(
    () => core(perFrame, perTick),
    () => {},
  );
  return { model, session };
}

test('what is asked before there is a core is done in order when the first picture is there', async () => {
  const { model, session } = await made(60);
  const said: string[] = [];
  model.step(1, 'entry', () => said.push(`step ${model.now / 1e6}`));
  model.step(1, 'entry', () => said.push(`step ${model.now / 1e6}`));
  model.whenRun(() => said.push(`run ${model.now / 1e6}`));
  model.whenCore(() => said.push('core'));
  model.toggle();
  expect(said).toEqual([]);
  model.connect(session);
  frame();
  expect(said).toEqual(['core']);
  let play = false;
  model.open((asked) => {
    play = asked.play;
    model.seek(20e6);
  });
  expect(said).toEqual(['core', 'step 30', 'step 40', 'run 40']);
  expect([play, model.player.playing, model.selected]).toEqual([true, true, 3]);
});

test('a step waits for the entry that is still to be computed', async () => {
  const { model, session } = await made(15);
  model.connect(session);
  frame();
  model.open(() => {});
  for (let i = 0; i < 3; i++) model.step(1);
  expect(model.now).toBe(10e6);
  frame();
  expect(model.now).toBe(30e6);
  expect(model.selected).toBe(2);
});

test('a step past the last entry ends, and what comes after it is done', async () => {
  const { model, session } = await made(60);
  model.connect(session);
  frame();
  model.open(() => {});
  for (let i = 0; i < 7; i++) model.step(1);
  model.step(-1);
  expect(model.now).toBe(40e6);
});

test('the present follows the computation to where it was sent', async () => {
  const { model, session } = await made(20);
  model.connect(session);
  frame();
  model.open(() => {});
  model.seekEnd();
  expect(model.now).toBe(20e6);
  model.step(-1);
  frame();
  expect(model.now).toBe(40e6);
  frame();
  expect(model.now).toBe(50e6);
});

test('an edit leaves the present where it is, though the new run is computed in slices', async () => {
  const { model, session } = await made(20);
  model.connect(session);
  for (let i = 0; i < 3; i++) frame();
  model.open(() => {});
  model.seek(45e6);
  model.setText('another');
  for (let i = 0; i < 3; i++) frame();
  expect(model.now).toBe(45e6);
});

test('a step over a long way selects its entry when it has arrived', async () => {
  const { model, session } = await made(60, 4e6);
  model.connect(session);
  frame();
  model.open(() => {});
  model.step(1);
  expect([model.now, model.selected]).toEqual([4e6, null]);
  for (let i = 0; i < 2; i++) frame();
  expect([model.now, model.selected]).toEqual([10e6, 0]);
});

test('a text that stops the core keeps nobody waiting', async () => {
  const { model } = await made(60);
  const session = new Session(
    () =>
      ({
        ...core(60),
        advance() {
          throw new Error('unreachable');
        },
      }) as unknown as Podscope,
    () => {},
  );
  const said: string[] = [];
  model.connect(session);
  model.follow(['run'], () => model.open(() => {}));
  model.step(1, 'entry', () => said.push('step'));
  model.whenRun(() => said.push('run'));
  frame();
  expect(said).toEqual(['step', 'run']);
});
