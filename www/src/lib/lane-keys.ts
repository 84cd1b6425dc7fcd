// Names lanes by what they are, not by their number, which an edit may change.

import type { LaneRow } from '../core/contract.ts';

/** What a workload owns has a name that changes with its template: it is named by its place among its siblings. */
const owned = new Set(['pod', 'workload']);

/** `pod/web`, `pod/web container/app`, `workload/web pod/#2`, … by lane id. Parents come before their children. */
export function laneKeys(lanes: readonly LaneRow[]): Map<number, string> {
  const keys = new Map<number, string>();
  const counts = new Map<string, number>();
  for (const lane of lanes) {
    const parent = lane.parent === null || lane.parent === undefined ? undefined : keys.get(lane.parent);
    let name = lane.name;
    if (parent !== undefined && owned.has(lane.kind)) {
      const siblings = `${parent} ${lane.kind}`;
      const count = counts.get(siblings) ?? 0;
      counts.set(siblings, count + 1);
      name = `#${count}`;
    }
    const own = `${lane.kind}/${name}`;
    keys.set(lane.id, parent === undefined ? own : `${parent} ${own}`);
  }
  return keys;
}
