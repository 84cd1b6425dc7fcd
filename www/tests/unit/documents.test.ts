import { expect, test } from 'vitest';
import { documentAt, documents } from '../../src/lib/documents.ts';

const text = `# a.yaml
apiVersion: v1
kind: Pod
metadata:
  labels:
    name: not-this
  name: web
---
# only a comment
---
apiVersion: v1
kind: Service
metadata: {labels: {a: b}, name: "front"}
--- # podscope
kind: Scenario
metadata:
  name: x
`;

test('documents have the name of their object, and a scenario is one', () => {
  const list = documents(text);
  expect(list.map((d) => d.name)).toEqual(['Pod web', 'Service front', 'Scenario']);
  expect(list.map((d) => d.file)).toEqual(['a.yaml', '', '']);
  expect(text.slice(list[1]?.from).startsWith('apiVersion: v1\nkind: Service')).toBe(true);
});

test('a place lies in the document that begins before it', () => {
  const list = documents(text);
  expect(documentAt(list, 0)).toBe(0);
  expect(documentAt(list, text.indexOf('Service'))).toBe(1);
  expect(documentAt(list, text.length)).toBe(2);
});

test('whatever is written, there is an answer', () => {
  expect(documents('')).toEqual([]);
  expect(documents('---\n---\n')).toEqual([]);
  expect(documents('{"kind": "Pod"}').map((d) => d.name)).toEqual(['Pod']);
  expect(documents('a: 1').map((d) => d.name)).toEqual(['']);
  expect(documentAt([], 5)).toBe(0);
});
