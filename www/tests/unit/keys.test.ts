import { expect, test } from 'vitest';
import { bindings, commandFor } from '../../src/lib/keys.ts';

const press = (key: string, more: object = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

test('keys find their commands', () => {
  expect(commandFor(press(' '))).toBe('play');
  expect(commandFor(press('ArrowRight'))).toBe('next');
  expect(commandFor(press('ArrowRight', { shiftKey: true }))).toBe('next-surprise');
  expect(commandFor(press('?', { shiftKey: true }))).toBe('help');
  expect(commandFor(press('F'))).toBe('fit');
  expect(commandFor(press('q'))).toBeUndefined();
});

test('chords are left to the browser', () => {
  expect(commandFor(press('f', { ctrlKey: true }))).toBeUndefined();
  expect(commandFor(press('ArrowLeft', { altKey: true }))).toBeUndefined();
});

test('no two bindings share a key', () => {
  const seen = new Set<string>();
  for (const b of bindings) {
    for (const key of b.keys) {
      const id = `${b.shift ? 'shift+' : ''}${key}`;
      expect(seen.has(id), id).toBe(false);
      seen.add(id);
    }
  }
});
