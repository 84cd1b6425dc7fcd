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
