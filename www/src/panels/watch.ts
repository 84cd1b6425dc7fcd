// What `kubectl get pod -w` has printed up to the present.

import { html } from 'lit';
import { model } from '../app/context.ts';
import { words } from '../words/words.ts';

/** Rows shown; earlier ones are counted. */
const MOST = 500;

export function watchPanel() {
  const tail = model.ask((core) => core.watch(model.now, MOST), { text: '', earlier: 0 });
  const text = tail.text.replace(/\n$/, '');
  const [head, ...rows] = text === '' ? [] : text.split('\n');
  const left = tail.earlier;
  return html`<div class="term watch"><div class="term-head"><span class="prompt">$ </span><span class="cmd">kubectl get pod -w</span>
${head === undefined ? '' : html`<span class="head">${head}</span>`}</div>${left > 0 ? html`<span class="at">… ${words.watch.earlier(left)}</span>\n` : ''}${rows.map((row) => `${row}\n`)}<span class="cursor"></span></div>`;
}
