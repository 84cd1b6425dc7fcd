import { expect, describe as group, test } from 'vitest';
import { describe } from '../../build/gallery.ts';
import { contrast, mix, parseRgb } from '../../src/lib/colour.ts';
import { laneKeys } from '../../src/lib/lane-keys.ts';
import { logTargets } from '../../src/lib/log-targets.ts';
import { paragraphs, runs } from '../../src/lib/markdown.ts';
import { letterOf } from '../../src/lib/revision.ts';
import { dragged, numbersIn } from '../../src/lib/scrub-number.ts';
import { search } from '../../src/lib/search.ts';
import { fittingSpeed, nextSpeed } from '../../src/lib/speed.ts';
import { instantNear, spanIn, spanText } from '../../src/lib/step-time.ts';

const lane = (id: number, parent: number | null, kind: string, name: string) => ({
  id,
  parent,
  kind,
  name,
  label: name,
  depth: 0,
  foldable: false,
});

group('numbers that can be dragged', () => {
  test('are values, not parts of words', () => {
    const found = (line: string) => numbersIn(line).map((t) => `${t.value}${t.suffix}`);
    expect(found('  periodSeconds: 5')).toEqual(['5']);
    expect(found('  - {port: 80, targetPort: 8080}')).toEqual(['80', '8080']);
    expect(found('  - at: 34s')).toEqual(['34s']);
    expect(found('  image: web:7')).toEqual([]);
    expect(found('  name: node1 # at: 5')).toEqual([]);
    expect(found('  command: [sleep, "2"]')).toEqual([]);
  });

  test('change in steps and never below zero', () => {
    const [token] = numbersIn('periodSeconds: 5');
    expect(dragged(token!, 13)).toBe('7');
    expect(dragged(token!, -600)).toBe('0');
    const [port] = numbersIn('port: 8080');
    expect(dragged(port!, 6)).toBe('8090');
    const [half] = numbersIn('at: 1.5s');
    expect(dragged(half!, 6)).toBe('1.6');
  });
});

group('Markdown', () => {
  test('becomes runs, never markup', () => {
    expect(runs('a `b` **c** *d* <e>')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'em', text: 'd' },
      { kind: 'text', text: ' <e>' },
    ]);
    expect(paragraphs('one\nline\n\n two ')).toHaveLength(2);
    expect(paragraphs('')).toEqual([]);
  });
});

group('search', () => {
  const rows = [
    { slug: 'a', title: 'Liveness', summary: 'kills a container' },
    { slug: 'b', title: 'Back-off', summary: 'liveness is not to blame' },
  ];
  test('wants every word and prefers titles', () => {
    expect(search(rows, 'liveness').map((r) => r.slug)).toEqual(['a', 'b']);
    expect(search(rows, 'liveness kills').map((r) => r.slug)).toEqual(['a']);
    expect(search(rows, 'nothing')).toEqual([]);
    expect(search(rows, '  ')).toHaveLength(2);
  });
});

test('the instant of a step is found and rewritten', () => {
  expect(spanIn('at: 34s')).toEqual({ from: 4, to: 7 });
  expect(spanIn('1m30s')).toEqual({ from: 0, to: 5 });
  expect(spanIn('kubectl')).toBeNull();
  expect(spanText(34_567_000, 100_000)).toBe('34.6s');
  expect(spanText(34_567_000, 1)).toBe('34.567s');
  expect(spanText(90_400_000, 2e6)).toBe('90s');
  expect(spanText(-5, 1e6)).toBe('0s');
});

test('the instant of a step is found from any of its fields', () => {
  const text =
    'steps:\n- at: 30s\n  run: kubectl get pod\n- {at: 1m30s, run: ls}\n- run: |\n    echo at: 5s\n  at: 95s\n- run: none\n';
  const near = (needle: string) => {
    const place = instantNear(text, text.indexOf(needle));
    return place && text.slice(place.from, place.to);
  };
  expect(near('kubectl get')).toBe('30s');
  expect(near('run: ls')).toBe('1m30s');
  expect(near('echo')).toBe('95s');
  expect(near('none')).toBeNull();
});

test('colours are read, mixed and compared', () => {
  expect(parseRgb('rgb(1, 2, 3)')).toEqual([1, 2, 3]);
  expect(parseRgb('color(srgb 1 0.5 0)')).toEqual([255, 128, 0]);
  expect(mix([0, 0, 0], [200, 100, 50], 0.5)).toEqual([100, 50, 25]);
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
});

test('lanes are named by their place', () => {
  const keys = laneKeys([lane(3, null, 'pod', 'web'), lane(5, 3, 'container', 'app')]);
  expect(keys.get(5)).toBe('pod/web container/app');
});

test('what a workload owns is named by its place among its siblings, since its name changes with the template', () => {
  const lanes = (hash: string) => [
    lane(1, null, 'workload', 'web'),
    lane(2, 1, 'condition', 'Progressing'),
    lane(3, 1, 'workload', `web-${hash}`),
    lane(4, 3, 'pod', `web-${hash}-x`),
    lane(5, 3, 'pod', `web-${hash}-y`),
    lane(6, 5, 'container', 'app'),
  ];
  const keys = laneKeys(lanes('5d9'));
  expect(keys.get(6)).toBe('workload/web workload/#0 pod/#1 container/app');
  expect([...laneKeys(lanes('7f8')).values()]).toEqual([...keys.values()]);
});

test('revisions have letters that begin again', () => {
  expect([0, 1, 25, 26].map(letterOf).join('')).toBe('ABZA');
});

test('only containers of present Pods have logs', () => {
  const lanes = [
    lane(1, null, 'Pod', 'web'),
    lane(2, 1, 'InitContainer', 'init'),
    lane(3, 1, 'Probe', 'liveness'),
    lane(4, null, 'Pod', 'gone'),
    lane(5, 4, 'Container', 'app'),
  ];
  const targets = logTargets(lanes, [{ kind: 'Pod', namespace: 'default', name: 'web' }]);
  expect(targets.map((t) => t.id)).toEqual(['default/web/init']);
});

test('speeds', () => {
  expect(nextSpeed(10, 1)).toBe(20);
  expect(nextSpeed(1, -1)).toBe(1);
  expect(nextSpeed(1000, 1)).toBe(1000);
  expect(fittingSpeed(120e6)).toBe(5);
  expect(fittingSpeed(168 * 3600e6)).toBe(1000);
});

test('the catalogue reads titles and descriptions', () => {
  expect(describe('spec:\n  title: "A: b"\n  description: |\n    One\n    two.\n  until: 1m\n')).toEqual({
    title: 'A: b',
    summary: 'One two.',
    symptoms: '',
  });
});
