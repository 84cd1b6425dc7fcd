// Names lanes by what they are, not by their number, which an edit may change.

import type { LaneRow } from '../core/contract.ts';

/** `Pod/web`, `Pod/web Container/app`, … by lane id. Parents come before their children. */
export function laneKeys(lanes: readonly LaneRow[]): Map<number, string> {
  const keys = new Map<number, string>();
  for (const lane of lanes) {
    const own = `${lane.kind}/${lane.name}`;
    const parent = lane.parent === null || lane.parent === undefined ? undefined : keys.get(lane.parent);
    keys.set(lane.id, parent === undefined ? own : `${parent} ${own}`);
  }
  return keys;
}
