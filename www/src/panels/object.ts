// An object at the present, chosen from a list: as `kubectl describe` prints it, and as the API would show it. A
// selection on the timeline chooses its Pod; a choice made in one of the two panels holds in the other.

import { html } from 'lit';
import { model } from '../app/context.ts';
import type { ObjectRef, Podscope } from '../core/contract.ts';
import { words } from '../words/words.ts';

let chosen = '';
let followed: number | null = null;

const id = (o: ObjectRef) => `${o.kind}/${o.namespace}/${o.name}`;

/** The Pod that the selected entry belongs to, by name. */
function selectedPod(): string | undefined {
  let lane = model.laneById.get(model.why?.lane ?? -1);
  while (lane && lane.kind !== 'pod') lane = model.laneById.get(lane.parent ?? -1);
  return lane?.name;
}

function objectPanel(
  again: () => void,
  print: (core: Podscope, o: ObjectRef) => string,
  dress = (text: string): unknown => text,
) {
  const objects = model.ask((core) => core.objects(), []);
  if (model.selected !== followed) {
    followed = model.selected;
    const pod = selectedPod();
    const target = objects.find((o) => o.kind === 'Pod' && o.name === pod);
    if (target) chosen = id(target);
  }
  const object = objects.find((o) => id(o) === chosen) ?? objects.find((o) => o.kind === 'Pod') ?? objects[0];
  if (!object) return html`<p class="quiet">${words.yaml.none}</p>`;
  const text = model.ask((core) => print(core, object), '');
  return html`<div class="object-bar">
      <select aria-label=${words.yaml.object} @change=${(event: Event) => {
        chosen = (event.target as HTMLSelectElement).value;
        again();
      }}>${objects.map((o) => html`<option value=${id(o)} ?selected=${o === object}>${o.kind} ${o.namespace === 'default' || !o.namespace ? '' : `${o.namespace}/`}${o.name}</option>`)}</select>
    </div>
    <div class="term">${dress(text)}</div>`;
}

export function describePanel(again: () => void) {
  return objectPanel(again, (core, o) => core.describe(o.kind, o.namespace, o.name));
}

/** The names of fields have the colour that they have in the editor. */
function coloured(text: string) {
  return text
    .split(/^([ -]*[^\s:"'#][^\s:]*)(?=:(?: |$))/m)
    .map((piece, i) => (i % 2 === 1 ? html`<b>${piece}</b>` : piece));
}

export function yamlPanel(again: () => void) {
  return objectPanel(again, (core, o) => core.yaml(o.kind, o.namespace, o.name), coloured);
}
