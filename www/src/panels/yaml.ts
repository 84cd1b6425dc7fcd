// An object as the API would show it at the present.

import { html } from 'lit';
import { model } from '../app/context.ts';
import { words } from '../words/words.ts';

let chosen = '';

export function yamlPanel(again: () => void) {
  const objects = model.ask((core) => core.objects(), []);
  const id = (o: (typeof objects)[number]) => `${o.kind}/${o.namespace}/${o.name}`;
  const object = objects.find((o) => id(o) === chosen) ?? objects.find((o) => o.kind === 'Pod') ?? objects[0];
  if (!object) return html`<p class="quiet">${words.yaml.none}</p>`;
  const text = model.ask((core) => core.yaml(object.kind, object.namespace, object.name), '');
  return html`<div class="object-bar">
      <select aria-label=${words.yaml.object} @change=${(event: Event) => {
        chosen = (event.target as HTMLSelectElement).value;
        again();
      }}>${objects.map((o) => html`<option value=${id(o)} ?selected=${o === object}>${o.kind} ${o.namespace === 'default' || !o.namespace ? '' : `${o.namespace}/`}${o.name}</option>`)}</select>
    </div>
    <div class="term">${text}</div>`;
}
