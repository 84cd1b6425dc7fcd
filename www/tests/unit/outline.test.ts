// The tabs above the editor: where a document's name is, what goes with it, and what a new one looks like.

import { describe, expect, test } from 'vitest';
import { addition, documents, nameIn, removal } from '../../src/lib/documents.ts';

const text = `# web.yaml
apiVersion: v1
kind: Pod
metadata:
  labels: {name: wrong}
  name: "web"
spec: {}
---
kind: Service
metadata: {labels: {app: web}, name: front}
---
# notes.yaml
spec: 1
`;
const list = documents(text);

function without(index: number): string {
  const { from, to } = removal(text, list, index);
  return text.slice(0, from) + text.slice(to);
}

describe('documents as tabs', () => {
  test('know where their name is written', () => {
    const named = list.map((d) => nameIn(text, d)).map((at) => at && text.slice(at.from, at.to));
    expect(named).toEqual(['web', 'front', 'notes.yaml']);
    const nameless = 'kind: Pod\nspec: {}\n';
    expect(documents(nameless).map((d) => nameIn(nameless, d))).toEqual([null]);
  });

  test('are removed with one line that parts them', () => {
    for (const index of [0, 1, 2]) {
      const left = list.filter((_, i) => i !== index).map((d) => d.name);
      expect(documents(without(index)).map((d) => d.name)).toEqual(left);
      expect(without(index).match(/^---$/gm)?.length).toBe(1);
    }
    expect(without(2).endsWith('name: front}\n')).toBe(true);
  });

  test('can be added to any text, under a name that is free', () => {
    for (const before of ['', 'kind: Pod\nmetadata:\n  name: pod-2', text]) {
      const of = documents(before);
      const after = documents(before + addition(before, of));
      expect(after.length).toBe(of.length + 1);
      expect(new Set(after.map((d) => d.name)).size).toBe(after.length);
    }
  });
});
