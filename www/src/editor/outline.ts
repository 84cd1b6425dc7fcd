// The documents of the text as tabs above the editor: go there, rename, remove, add one of the templates. A change is a change of the text, so
// that undo takes it back.

import { html, nothing } from 'lit';
import { announce, model, View } from '../app/context.ts';
import { icons } from '../app/icons.ts';
import type { Template } from '../core/contract.ts';
import { addition, type Document, documentAt, documents, nameIn, removal } from '../lib/documents.ts';
import { words } from '../words/words.ts';
import { editor } from './editor.ts';
import { chooseStart } from './start.ts';

class Outline extends View {
  protected override topics = ['text' as const, 'cursor' as const];
  private of: string | null = null;
  private list: Document[] = [];

  protected override updated(): void {
    if (model.cursor > 0) this.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  private nameOf(index: number): string {
    return this.list[index]?.name || words.editor.nameless(index + 1);
  }

  private go(d: Document): void {
    editor()?.reveal(d.from, d.from, 'start');
    editor()?.focusText();
  }

  /** Marks the name in the text, so that typing puts another in its place. */
  private rename(d: Document): void {
    const name = nameIn(model.text, d);
    editor()?.reveal(name?.from ?? d.from, name?.to ?? d.from);
    editor()?.focusText();
    if (name) announce(words.editor.renaming);
  }

  private drop(index: number): void {
    if (this.list.length < 2) return;
    const name = this.nameOf(index);
    const { from, to } = removal(model.text, this.list, index);
    editor()?.change(from, to, '');
    announce(words.editor.removed(name));
    void this.updateComplete.then(() => this.focusItem(Math.min(index, this.list.length - 1)));
  }

  /** Offers the templates below the button, and adds the one that is taken. */
  private offer(event: Event): void {
    const scenario = this.list.some((d) => d.name === 'Scenario');
    const all = model.ask((core) => core.templates(), []);
    const list = scenario ? all.filter((template) => template.title !== 'Scenario') : all;
    chooseStart(event.currentTarget as HTMLElement, list, (template) => this.add(template));
  }

  private add(template: Template): void {
    const end = model.text.length;
    const before = this.list.length;
    editor()?.change(end, end, addition(model.text, this.list, template.text));
    const made = documents(model.text)[before];
    if (made) this.rename(made);
  }

  private focusItem(index: number): void {
    this.querySelectorAll<HTMLElement>('.outline-item')[index]?.focus();
  }

  private onKey(event: KeyboardEvent, index: number): void {
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: this.list.length - 1 }[event.key];
    const d = this.list[index];
    if (to !== undefined) this.focusItem((to + this.list.length) % this.list.length);
    else if (event.key === 'F2' && d) this.rename(d);
    else if (event.key === 'Delete') this.drop(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    if (this.of !== model.text) {
      this.of = model.text;
      this.list = documents(model.text);
    }
    const here = documentAt(this.list, model.cursor);
    const one = this.list.length === 1;
    const empty = this.list.length === 0;
    const add = empty ? words.editor.begin : words.editor.add;
    return html`<div class="outline" role="toolbar" aria-label=${words.editor.documents}>${this.list.map((d, i) => {
      const on = i === here;
      const name = this.nameOf(i);
      return html`<span class="outline-tab"><button class="outline-item" aria-current=${on ? 'true' : nothing} tabindex=${on ? 0 : -1}
          title=${`${d.file || name}\n${words.editor.tabKeys(one)}`}
          @click=${() => this.go(d)} @dblclick=${() => this.rename(d)} @keydown=${(event: KeyboardEvent) => this.onKey(event, i)}>${name}</button>${
            one || !on
              ? nothing
              : html`<button class="outline-x" tabindex="-1" aria-label=${words.editor.remove(name)} title=${words.editor.remove(name)} @click=${() => this.drop(i)}>${icons.close()}</button>`
          }</span>`;
    })}<button class="outline-add ${empty ? 'outline-begin' : ''}" aria-label=${add} title=${add} aria-haspopup="menu" @click=${(event: Event) => this.offer(event)}>${empty ? add : '+'}</button></div>`;
  }
}

customElements.define('ps-outline', Outline);
