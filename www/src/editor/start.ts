// The menu of manifests to start from. Its titles and texts are the core's; the words around them are the page's.

import { html, nothing } from 'lit';
import { View } from '../app/context.ts';
import type { Template } from '../core/contract.ts';
import { words } from '../words/words.ts';

class Start extends View {
  private list: Template[] = [];
  private opener: HTMLElement | null = null;
  private chosen: (template: Template) => void = () => {};

  /** Opens the menu below an element; `chosen` gets the template that is taken. */
  show(opener: HTMLElement, list: Template[], chosen: (template: Template) => void): void {
    Object.assign(this, { opener, list, chosen });
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.place();
      this.items()[0]?.focus();
    });
    addEventListener('pointerdown', this.outside, true);
  }

  private items(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  private readonly outside = (event: PointerEvent): void => {
    if (!this.contains(event.target as Node)) this.hide(false);
  };

  private hide(back = true): void {
    removeEventListener('pointerdown', this.outside, true);
    const { opener } = this;
    this.opener = null;
    this.requestUpdate();
    if (back) opener?.focus();
  }

  /** Keeps the menu inside the window. */
  private place(): void {
    const menu = this.querySelector<HTMLElement>('.menu');
    const at = this.opener?.getBoundingClientRect();
    if (!menu || !at) return;
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - height - 8))}px`;
  }

  private take(template: Template): void {
    this.hide(false);
    this.chosen(template);
  }

  private onKey(event: KeyboardEvent): void {
    event.stopPropagation();
    const items = this.items();
    const here = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      this.hide();
    }
  }

  override render() {
    if (!this.opener) return nothing;
    return html`<div class="menu" role="menu" tabindex="-1" aria-label=${words.editor.start} @keydown=${this.onKey}>
      <p class="menu-title">${words.editor.start}</p>
      ${this.list.map(
        (template) =>
          html`<button role="menuitem" tabindex="-1" class="menu-item" @click=${() => this.take(template)}>${words.core(template.title)}</button>`,
      )}
    </div>`;
  }
}

customElements.define('ps-start', Start);

/** Opens the menu below an element. */
export function chooseStart(opener: HTMLElement, list: Template[], chosen: (template: Template) => void): void {
  let menu = document.querySelector<Start>('ps-start');
  if (!menu) {
    menu = document.createElement('ps-start') as Start;
    document.body.append(menu);
  }
  menu.show(opener, list, chosen);
}
