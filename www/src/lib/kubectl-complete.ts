// Completion of a kubectl line: verbs, kinds, and names of objects that exist at the present.

import type { ObjectRef } from '../core/contract.ts';

const verbs = ['annotate', 'describe', 'events', 'get', 'label', 'logs', 'delete', 'exec', 'patch', 'scale', 'wait'];
const kinds = ['pods', 'nodes', 'services', 'endpointslices', 'events', 'configmaps', 'secrets', 'namespaces'];
const singular: Record<string, string> = {
  pod: 'Pod',
  pods: 'Pod',
  po: 'Pod',
  node: 'Node',
  nodes: 'Node',
  no: 'Node',
  service: 'Service',
  services: 'Service',
  svc: 'Service',
  configmap: 'ConfigMap',
  configmaps: 'ConfigMap',
  cm: 'ConfigMap',
  secret: 'Secret',
  secrets: 'Secret',
};
/** Verbs whose first argument is a Pod. */
const ofPods = new Set(['logs', 'exec', 'attach', 'debug', 'port-forward']);

/** The line with its last word completed as far as it is certain; the line itself if nothing fits. */
export function complete(line: string, objects: readonly ObjectRef[]): string {
  const words = line.split(/\s+/);
  const last = words.at(-1) ?? '';
  const plain = words.slice(0, -1).filter((w) => w !== '' && !w.startsWith('-'));
  const fits = candidates(plain, objects).filter((c) => c.startsWith(last));
  const first = fits[0];
  if (first === undefined) return line;
  let common = first;
  for (const fit of fits) while (!fit.startsWith(common)) common = common.slice(0, -1);
  const done = fits.length === 1 ? `${common} ` : common;
  return line.slice(0, line.length - last.length) + done;
}

function candidates(plain: readonly string[], objects: readonly ObjectRef[]): string[] {
  const [program, verb, kind] = plain;
  if (program === undefined) return ['kubectl'];
  if (program !== 'kubectl') return [];
  if (verb === undefined) return verbs;
  const names = (of: string) => objects.filter((o) => o.kind === of).map((o) => o.name);
  if (ofPods.has(verb)) return names('Pod');
  if (kind === undefined) return kinds;
  return names(singular[kind] ?? '');
}
