// What `kubectl describe` prints about an object at the present. A selection on the timeline chooses its Pod.

import { html } from 'lit';
import { model } from '../app/context.ts';
import { words } from '../words/words.ts';

let chosen = '';
let followed: number | null = null;

/** The Pod that the selected entry belongs to, by name. */
function selectedPod(): string | undefined {
  const byId = new Map(model.lanes.map((lane) => [lane.id, lane]));
  let lane = byId.get(model.why?.lane ?? -1);
  while (lane && lane.kind !== 'pod') lane = byId.get(lane.parent ?? -1);
  return lane?.name;
}

export function describePanel(again: () => void) {
  const objects = model.ask((core) => core.objects(), []);
  const id = (o: (typeof objects)[number]) => `${o.kind}/${o.namespace}/${o.name}`;
  if (model.selected !== followed) {
    followed = model.selected;
    const pod = selectedPod();
    const target = objects.find((o) => o.kind === 'Pod' && o.name === pod);
    if (target) chosen = id(target);
  }
  const object = objects.find((o) => id(o) === chosen) ?? objects.find((o) => o.kind === 'Pod') ?? objects[0];
  if (!object) return html`<p class="quiet">${words.yaml.none}</p>`;
  const text = model.ask((core) => core.describe(object.kind, object.namespace, object.name), '');
  return html`<div class="object-bar">
      <select aria-label=${words.yaml.object} @change=${(event: Event) => {
        chosen = (event.target as HTMLSelectElement).value;
        again();
      }}>${objects.map((o) => html`<option value=${id(o)} ?selected=${o === object}>${o.kind} ${o.namespace === 'default' || !o.namespace ? '' : `${o.namespace}/`}${o.name}</option>`)}</select>
    </div>
    <div class="term">${text}</div>`;
}
