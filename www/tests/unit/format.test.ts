import { expect, test } from 'vitest';
import { clock, count, duration, fieldLabel, instant, linkTime, span } from '../../src/lib/format.ts';

test.each([
  [0, '0.000 s'],
  [61_500_000, '1:01.500'],
  [59_999_400, '59.999 s'],
  [59_999_600, '1:00.000'],
  [3_723_250_000, '1:02:03.250'],
])('clock %d', (us, text) => expect(clock(us)).toBe(text));

test.each([
  [0, '0 s'],
  [543_000, '0.54 s'],
  [56_000_000, '56 s'],
  [99_400_000, '1 min 39.4 s'],
  [120_000_000, '2 min'],
  [7_500_000_000, '2 h 5 min'],
])('instant %d', (us, text) => expect(instant(us)).toBe(text));

test('spans below a second are in milliseconds', () => {
  expect(span(20_000)).toBe('20 ms');
  expect(span(3_100_000)).toBe('3.1 s');
});

test('the time of a link has no trailing zeros', () => {
  expect(linkTime(41_200_000)).toBe('41.2s');
  expect(linkTime(0)).toBe('0s');
});

test('counts and durations', () => {
  expect(count(1, 'entry', 'entries')).toBe('1 entry');
  expect(count(2140, 'entry', 'entries')).toBe('2,140 entries');
  expect(duration(1.26)).toBe('1.3 ms');
  expect(duration(1260)).toBe('1.3 s');
});

test('a field is named by its last word and its value', () => {
  expect(fieldLabel('spec.containers[0].livenessProbe.failureThreshold', '3')).toBe('failureThreshold: 3');
  expect(fieldLabel('spec.containers[0].livenessProbe', '')).toBe('livenessProbe');
  expect(fieldLabel('spec', 'a: 1\nb: 2')).toBe('spec');
});
