// The documents of the text above the editor, one button each: a press brings it into sight.

import { html, nothing } from 'lit';
import { model, View } from '../app/context.ts';
import { type Document, documentAt, documents } from '../lib/documents.ts';
import { words } from '../words/words.ts';
import { editor } from './editor.ts';

class Outline extends View {
  protected override topics = ['text' as const, 'cursor' as const];
  private of = '';
  private list: Document[] = [];

  protected override updated(): void {
    if (model.cursor > 0) this.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  override render() {
    if (this.of !== model.text) {
      this.of = model.text;
      this.list = documents(model.text);
    }
    // One document needs no list.
    if (this.list.length < 2) return nothing;
    const here = documentAt(this.list, model.cursor);
    return html`<nav class="outline" aria-label=${words.editor.documents}>${this.list.map(
      (d, i) =>
        html`<button class="outline-item" aria-current=${i === here ? 'true' : nothing} title=${d.file || d.name} @click=${() => {
          editor()?.reveal(d.from, d.from, 'start');
          editor()?.focusText();
        }}>${d.name || words.editor.nameless(i + 1)}</button>`,
    )}</nav>`;
  }
}

customElements.define('ps-outline', Outline);
