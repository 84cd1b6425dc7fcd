// What `kubectl get pod -w` has printed up to the present.

import { html } from 'lit';
import { calm, model } from '../app/context.ts';

export function watchPanel() {
  const text = model.ask((core) => core.watch(model.now), '').replace(/\n$/, '');
  const lines = text === '' ? [] : text.split('\n');
  const [head, ...rows] = lines;
  const last = rows.length - 1;
  return html`<div class="term"><span class="prompt">$ </span><span class="cmd">kubectl get pod -w</span>
${head === undefined ? '' : html`<span class="head">${head}</span>\n`}${rows.map((row, i) => html`<span class=${i === last && !calm ? 'row' : ''}>${row}</span>\n`)}<span class="cursor"></span></div>`;
}
