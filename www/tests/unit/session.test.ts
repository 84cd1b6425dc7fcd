import { expect, test } from 'vitest';
import type { Podscope } from '../../src/core/contract.ts';
import { type Crash, Session } from '../../src/core/session.ts';

function fake(log: string[]): () => Podscope {
  let n = 0;
  return () => {
    const id = ++n;
    return {
      set_text(text: string) {
        log.push(`${id}: ${text}`);
        if (text === 'bad') throw new Error('unreachable');
      },
      advance: () => ({ done: true, at_us: 1, until_us: 1, entries: 1 }),
      info: () => ({ version: String(id) }),
    } as unknown as Podscope;
  };
}

test('a trap makes a new core, keeps the text and reports seed and text once', () => {
  const log: string[] = [];
  const crashes: Crash[] = [];
  const session = new Session(fake(log), (crash) => crashes.push(crash));
  session.setText('good', 0);
  expect(session.advance(1)?.done).toBe(true);
  session.setText('bad', 7);
  session.setText('bad', 7);
  expect(session.stopped).toBe(true);
  expect(session.advance(1)).toBeNull();
  expect(crashes).toEqual([{ message: 'unreachable', seed: 7, text: 'bad', dead: false }]);
  session.setText('good again', 0);
  expect(session.stopped).toBe(false);
  expect(session.use((core) => core.info().version, '')).toBe('2');
  expect(log).toEqual(['1: good', '1: bad', '2: good again']);
});

test('when no new core can be made it is said once, and nothing is asked any more', () => {
  const log: string[] = [];
  const crashes: Crash[] = [];
  const session = new Session(
    fake(log),
    (crash) => crashes.push(crash),
    () => {
      throw new Error('no memory');
    },
  );
  session.setText('bad', 0);
  session.setText('good', 0);
  expect(session.advance(1)).toBeNull();
  expect(session.use((core) => core.info().version, 'none')).toBe('none');
  expect(crashes.map((crash) => crash.dead)).toEqual([true]);
  expect(log).toEqual(['1: bad']);
});

/** A core that lacks what the text "more" needs until the rest is there. */
function halved(log: string[], come: { rest: boolean }): () => Podscope {
  let n = 0;
  return () => {
    const id = ++n;
    return {
      set_language: (tag: string) => log.push(`${id}: ${tag}`),
      set_text(text: string) {
        log.push(`${id}: ${text}`);
        if (text === 'more' && !come.rest) throw new Error('the rest of the core is needed');
      },
      advance: () => ({ done: true, at_us: 1, until_us: 1, entries: 1 }),
      info: () => ({ version: String(id) }),
    } as unknown as Podscope;
  };
}

test('a text that needs the rest of the core waits for it in a new instance, and nothing is reported', async () => {
  const log: string[] = [];
  const crashes: Crash[] = [];
  const come = { rest: false };
  let arrive = () => {};
  const load = () =>
    new Promise<void>((resolve) => {
      arrive = () => {
        come.rest = true;
        resolve();
      };
    });
  let ready = 0;
  const make = halved(log, come);
  const rest = { there: () => false, load, ready: () => ready++, failed: () => log.push('failed') };
  const session = new Session(make, (crash) => crashes.push(crash), make, rest);
  session.setText('more', 3);
  expect(session.waiting).toBe(true);
  expect(session.advance(1)).toBeNull();
  expect(session.use((core) => core.info().version, 'none')).toBe('none');
  session.setLanguage('zh');
  arrive();
  await Promise.resolve();
  await Promise.resolve();
  expect([session.waiting, session.stopped, ready]).toEqual([false, false, 1]);
  session.setText('more', 3);
  expect(session.advance(1)?.done).toBe(true);
  expect(session.use((core) => core.info().version, '')).toBe('2');
  expect(log).toEqual(['1: more', '2: zh', '2: more']);
  expect(crashes).toEqual([]);
});

test('when the rest cannot be fetched it is said, and the next text asks for it again', async () => {
  const log: string[] = [];
  const come = { rest: false };
  const said: string[] = [];
  let asked = 0;
  const load = async () => {
    asked++;
    if (asked === 1) throw new Error('offline');
    come.rest = true;
  };
  const make = halved(log, come);
  const rest = {
    there: () => false,
    load,
    ready: () => said.push('ready'),
    failed: (message: string) => said.push(message),
  };
  const session = new Session(make, () => said.push('crash'), make, rest);
  session.setText('more', 0);
  await expect.poll(() => said).toEqual(['offline']);
  expect(session.waiting).toBe(false);
  session.setText('more', 0);
  await expect.poll(() => said).toEqual(['offline', 'ready']);
  session.setText('more', 0);
  expect(session.advance(1)?.done).toBe(true);
});

test('a core that still needs the rest after it came has crashed: it does not ask for ever', async () => {
  const crashes: Crash[] = [];
  let ready = 0;
  const make = halved([], { rest: false });
  const rest = { there: () => false, load: async () => {}, ready: () => ready++, failed: () => {} };
  const session = new Session(make, (crash) => crashes.push(crash), make, rest);
  session.setText('more', 0);
  await expect.poll(() => ready).toBe(1);
  session.setText('more', 0);
  expect(crashes.length).toBe(1);
});
