import { expect, test } from 'vitest';
import { isAnother } from '../../src/lib/another.ts';

const text = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n';

test.each([
  [text, text.replace('web', 'shop'), false],
  [text, `${text}spec:\n  containers: []\n`, false],
  [text, text.slice(0, 40), false],
  [text, '', true],
  [text, 'x', true],
  [text, 'services:\n  shop:\n    image: nginx\n', true],
  ['', text, false],
])('%j then %j', (before, after, another) => expect(isAnother(before, after)).toBe(another));
