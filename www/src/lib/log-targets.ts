// Which containers can have logs: the container lanes of Pods that exist at the present.

import type { LaneRow, ObjectRef } from '../core/contract.ts';

export interface LogTarget {
  id: string;
  namespace: string;
  pod: string;
  container: string;
}

const kinds = new Set(['container', 'initcontainer', 'sidecar', 'ephemeralcontainer']);

export function logTargets(lanes: readonly LaneRow[], objects: readonly ObjectRef[]): LogTarget[] {
  const byId = new Map(lanes.map((lane) => [lane.id, lane]));
  const pods = new Map(objects.filter((o) => o.kind === 'Pod').map((o) => [o.name, o.namespace]));
  const out: LogTarget[] = [];
  for (const lane of lanes) {
    if (!kinds.has(lane.kind.toLowerCase().replace(/[-_ ]/g, ''))) continue;
    const pod = lane.parent === null || lane.parent === undefined ? undefined : byId.get(lane.parent);
    const namespace = pod && pods.get(pod.name);
    if (!pod || namespace === undefined) continue;
    out.push({ id: `${namespace}/${pod.name}/${lane.name}`, namespace, pod: pod.name, container: lane.name });
  }
  return out;
}
