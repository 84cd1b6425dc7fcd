// A made-up run for work on the page alone. Numbers are invented; only the shapes matter.

import { Shape, Style } from '../../src/core/contract.ts';

export interface Lane {
  id: number;
  parent: number | null;
  kind: string;
  name: string;
  label: string;
  depth: number;
  foldable: boolean;
  height: number;
}

export interface Entry {
  id: number;
  lane: number;
  at: number;
  end: number | null;
  style: number;
  shape: number;
  text: string;
  causes: number[];
  field?: string;
}

const S = 1e6;

export const lanes: Lane[] = [];
export const entries: Entry[] = [];

function lane(parent: number | null, kind: string, label: string, height: number, foldable = false): number {
  const depth = parent === null ? 0 : (lanes[parent]?.depth ?? 0) + 1;
  lanes.push({
    id: lanes.length,
    parent,
    kind,
    name: label.split(' ').at(-1) ?? label,
    label,
    depth,
    foldable,
    height,
  });
  return lanes.length - 1;
}

function bar(on: number, from: number, to: number, style: number, text = '', extra: Partial<Entry> = {}): number {
  entries.push({
    id: entries.length,
    lane: on,
    at: from * S,
    end: to * S,
    style,
    shape: -1,
    text,
    causes: [],
    ...extra,
  });
  return entries.length - 1;
}

function mark(on: number, at: number, shape: number, style: number, text: string, extra: Partial<Entry> = {}): number {
  entries.push({ id: entries.length, lane: on, at: at * S, end: null, style, shape, text, causes: [], ...extra });
  return entries.length - 1;
}

const steps = lane(null, 'steps', 'Steps', 30);
const pod = lane(null, 'pod', 'Pod web', 30, true);
const ready = lane(pod, 'condition', 'Ready', 20);
const events = lane(pod, 'events', 'Events', 20);
const migrate = lane(pod, 'initContainer', 'migrate', 26, true);
const proxy = lane(pod, 'sidecar', 'proxy', 26, true);
const startup = lane(proxy, 'probe', 'startup', 20);
const web = lane(pod, 'container', 'web', 26, true);
const image = lane(web, 'image', 'image', 20);
const post = lane(web, 'hook', 'postStart', 20);
const live = lane(web, 'probe', 'liveness', 20);
const readiness = lane(web, 'probe', 'readiness', 20);
const stop = lane(web, 'termination', 'preStop + grace', 20);
const service = lane(null, 'service', 'Service web', 30, true);
const endpoint = lane(service, 'endpoint', '10.244.0.7', 20);

const init = { field: 'initContainers' };
bar(pod, 0, 0.6, Style.Pending, 'Pending');
bar(pod, 0.6, 8.2, Style.Init, 'Init:0/2', init);
bar(pod, 8.2, 13, Style.Init, 'Init:1/2', init);
bar(pod, 13, 14.4, Style.Creating, 'PodInitializing');
bar(pod, 14.4, 56.1, Style.Running, 'Running · 2/2 after 22.6 s');
bar(ready, 0, 22.6, Style.ConditionFalse, '');
bar(ready, 22.6, 52, Style.ConditionTrue, 'True');
bar(migrate, 0.5, 1, Style.Creating);
bar(migrate, 1, 8, Style.Init, 'running', init);
bar(migrate, 8, 12, Style.Succeeded, 'Completed');
bar(proxy, 8.4, 9, Style.Creating);
bar(proxy, 9, 103.4, Style.Sidecar, 'sidecar · running');
for (const t of [9.6, 11.6]) mark(startup, t, Shape.Failure, Style.Failed, 'startup probe failed: connection refused');
mark(startup, 13.6, Shape.Verdict, Style.Running, 'startup probe succeeded');
bar(image, 13, 14.2, Style.Pulling, 'pulling');
bar(web, 13.8, 14.4, Style.Creating);
bar(web, 14.4, 56, Style.Running, 'running');
bar(post, 14.5, 17, Style.Hook, 'postStart', { field: 'postStart' });
for (let t = 25; t < 45; t += 5)
  mark(live, t, Shape.Success, Style.Running, 'liveness probe succeeded', { field: 'livenessProbe' });
const f1 = mark(live, 46, Shape.Failure, Style.Failed, 'Liveness probe failed: 503', { field: 'livenessProbe' });
const f2 = mark(live, 51, Shape.Failure, Style.Failed, 'Liveness probe failed: 503', {
  causes: [f1],
  field: 'livenessProbe',
});
const f3 = mark(live, 56, Shape.TippingFailure, Style.Failed, 'Third liveness failure in a row', {
  causes: [f2],
  field: 'failureThreshold',
});
const kill = bar(web, 56, 58.1, Style.Terminating, 'SIGTERM', { causes: [f3] });
mark(stop, 56, Shape.Signal, Style.Terminating, 'SIGTERM', { causes: [f3] });
mark(events, 0.1, Shape.Event, Style.Neutral, 'Scheduled');
mark(events, 13, Shape.Event, Style.Neutral, 'Pulling image');
mark(events, 46, Shape.Warning, Style.Failed, 'Unhealthy');
mark(events, 56, Shape.Warning, Style.Failed, 'Killing: liveness probe failed');
bar(web, 58.3, 98, Style.Running, 'running · restart 1', { causes: [kill] });
bar(post, 58.4, 61, Style.Hook, 'postStart');
for (const t of [17.6, 19.6]) mark(readiness, t, Shape.Failure, Style.Failed, 'Readiness probe failed: 503');
mark(readiness, 22.6, Shape.Verdict, Style.Running, 'Readiness probe succeeded');
for (let t = 27; t < 45; t += 4.5) mark(readiness, t, Shape.Success, Style.Running, 'Readiness probe succeeded');
mark(readiness, 47, Shape.Failure, Style.Failed, 'Readiness probe failed: 503');
mark(readiness, 52, Shape.TippingFailure, Style.Failed, 'Readiness probe failed: 503');
for (let t = 66; t < 92; t += 5)
  mark(readiness, t, t === 66 ? Shape.Verdict : Shape.Success, Style.Running, 'Readiness probe succeeded');
for (let t = 66; t < 84; t += 5) mark(live, t, Shape.Success, Style.Running, 'liveness probe succeeded');
bar(ready, 52, 66, Style.ConditionFalse, 'False');
bar(ready, 66, 84, Style.ConditionTrue, 'True');
bar(ready, 84, 104, Style.ConditionFalse, 'False');
bar(pod, 56.1, 84, Style.RunningUnready, 'Running · 1 restart');
const del = bar(steps, 84, 104, Style.Step, 'kubectl delete pod web', { field: 'at: 90s' });
bar(pod, 84, 104, Style.Terminating, 'Terminating', { causes: [del] });
bar(stop, 84, 94, Style.Hook, 'preStop', { causes: [del], field: 'preStop' });
bar(stop, 94, 104, Style.Grace, 'grace 20 s', { field: 'terminationGracePeriodSeconds' });
bar(web, 98, 104, Style.Failed, 'Error 137');
bar(endpoint, 22.6, 52, Style.EndpointReady, 'ready');
bar(endpoint, 66, 84, Style.EndpointReady, 'ready');
bar(endpoint, 84, 94, Style.EndpointDraining, 'draining');
bar(service, 0, 110, Style.Neutral, '80 → 8080');

entries.sort((a, b) => a.at - b.at || a.id - b.id);
const renumber = new Map(entries.map((e, i) => [e.id, i]));
for (const e of entries) {
  e.id = renumber.get(e.id) ?? e.id;
  e.causes = e.causes.map((c) => renumber.get(c) ?? c);
}

export const surprises = [46, 52, 56, 58.3, 84].map((t) => t * S);
export const until = 110 * S;
