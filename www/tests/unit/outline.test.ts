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
    const template =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector: {matchLabels: {app: web}}\n---\nkind: Service\nmetadata:\n  name: web\n';
    for (const before of ['', 'kind: Service\nmetadata:\n  name: web', text]) {
      const of = documents(before);
      const made = addition(before, of, template);
      const after = documents(before + made);
      expect(after.length).toBe(of.length + 2);
      expect(new Set(after.map((d) => d.name)).size).toBe(after.length);
    }
    const taken = documents('kind: Deployment\nmetadata:\n  name: web\n');
    expect(addition('x\n', taken, template)).toBe(`---\n${template.replaceAll(/: web\b/g, ': web-2')}`);
    expect(addition('', [], 'kind: Scenario\nspec: {}\n')).toBe('kind: Scenario\nspec: {}\n');
  });
});
