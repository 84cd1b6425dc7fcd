import { expect, test } from 'vitest';
import { clock, count, duration, fieldLabel, instant, linkTime, span, wall } from '../../src/lib/format.ts';

test.each([
  [0, '0.000 s'],
  [61_500_000, '61.500 s'],
  [119_999_400, '119.999 s'],
  [119_999_600, '2m00.000s'],
  [3_723_250_000, '1h02m03.250s'],
])('clock %d', (us, text) => expect(clock(us)).toBe(text));

test.each([
  [0, '0 s'],
  [543_000, '0.54 s'],
  [56_000_000, '56 s'],
  [99_400_000, '99.4 s'],
  [119_970_000, '2m'],
  [120_000_000, '2m'],
  [200_500_000, '3m20.5s'],
  [7_500_000_000, '2h05m'],
])('instant %d', (us, text) => expect(instant(us)).toBe(text));

test.each([
  [20_000, '20 ms'],
  [3_100_000, '3.1 s'],
  [99_400_000, '99.4 s'],
  [200_500_000, '3 min 20.5 s'],
  [7_500_000_000, '2 h 5 min'],
])('span %d', (us, text) => expect(span(us)).toBe(text));

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

test.each([
  [0, 90_500_000, '00:01:30'],
  [0, 80_999_999, '00:01:21'],
  [Date.UTC(2026, 0, 1, 23, 59) / 1000, 61_000_000, '00:00:01'],
])('wall %d and %d', (start, us, text) => expect(wall(start, us)).toBe(text));
