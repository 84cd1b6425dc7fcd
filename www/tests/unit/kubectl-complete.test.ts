import { describe, expect, it } from 'vitest';
import { complete } from '../../src/lib/kubectl-complete.ts';

const objects = [
  { kind: 'Pod', namespace: 'default', name: 'web-1' },
  { kind: 'Pod', namespace: 'default', name: 'web-2' },
  { kind: 'Node', namespace: '', name: 'node1' },
];

describe('completion of a kubectl line', () => {
  it.each([
    ['ku', 'kubectl '],
    ['kubectl desc', 'kubectl describe '],
    ['kubectl get po', 'kubectl get pods '],
    ['kubectl get pods w', 'kubectl get pods web-'],
    ['kubectl get pods web-2', 'kubectl get pods web-2 '],
    ['kubectl describe node ', 'kubectl describe node node1 '],
    ['kubectl logs web-1', 'kubectl logs web-1 '],
    ['kubectl get -n default no', 'kubectl get -n default no'],
    ['echo x', 'echo x'],
  ])('%s', (line, want) => expect(complete(line, objects)).toBe(want));
});
