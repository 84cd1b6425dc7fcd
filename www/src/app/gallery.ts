// The gallery: every built-in scenario, searchable.

import { html } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { type Searchable, search } from '../lib/search.ts';
import { words } from '../words/words.ts';
import { showDialog, View } from './context.ts';
import { chooseFiles } from './files.ts';
import { icons } from './icons.ts';
import { notify } from './notice.ts';
import { rowIn } from './stories.ts';
import { bringBack, openGallery, textBefore } from './texts.ts';

/** What people type when they come: words of kubectl, so that they are the same in every language. */
const often = [
  'CrashLoopBackOff',
  '137',
  'OOMKilled',
  'ImagePullBackOff',
  'Terminating',
  'probe',
  'sidecar',
  'preStop',
  'rollout',
  'backoffLimit',
  'CronJob',
  'StatefulSet',
  'DaemonSet',
];

class Gallery extends View {
  private readonly dialog = createRef<HTMLDialogElement>();
  private query = '';

  private rows: Searchable[] = [];

  /** The list is loaded on its own, so that the first visit does not wait for it. */
  private async load(): Promise<void> {
    if (this.rows.length > 0) return;
    try {
      this.rows = (await import('virtual:gallery')).catalogue;
      this.requestUpdate();
      await this.updateComplete;
    } catch (error) {
      notify({ text: words.crash.page(error instanceof Error ? error.message : String(error)), error: true });
    }
  }

  show(): void {
    void this.load();
    this.query = '';
    this.requestUpdate();
    void showDialog(this, this.dialog);
  }

  private ask(query: string): void {
    this.query = query;
    this.requestUpdate();
    this.dialog.value?.querySelector('.results')?.scrollTo(0, 0);
  }

  private choose(slug: string): void {
    this.dialog.value?.close();
    void openGallery(slug);
  }

  private first(): HTMLElement | null {
    return this.dialog.value?.querySelector<HTMLElement>('.result') ?? null;
  }

  /** Arrow keys walk through the list; Enter in the field takes the first. */
  private onKey(event: KeyboardEvent): void {
    event.stopPropagation();
    const items = [...(this.dialog.value?.querySelectorAll<HTMLElement>('.result') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Enter' && at < 0) {
      event.preventDefault();
      void this.load()
        .then(() => this.updateComplete)
        .then(() => this.first()?.click());
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const field = this.dialog.value?.querySelector('input');
    (items[at + step] ?? (step < 0 ? field : items.at(-1)))?.focus();
  }

  override render() {
    const rows = search(this.rows.map(rowIn), this.query);
    return html`<dialog ${ref(this.dialog)} aria-label=${words.gallery.name} @keydown=${this.onKey} @click=${closeOutside}>
      <div class="search">
        ${icons.search()}
        <input type="search" aria-label=${words.gallery.search} placeholder=${words.gallery.ask} .value=${this.query} autofocus
          @input=${(event: InputEvent) => this.ask((event.target as HTMLInputElement).value)} />
        <button class="button bare square" aria-label=${words.page.close} @click=${() => this.dialog.value?.close()}>${icons.close()}</button>
      </div>
      <div class="often" role="group" aria-label=${words.gallery.often}>
        ${often.map(
          (symptom) =>
            html`<button class="chip" aria-pressed=${this.query === symptom} @click=${() => this.ask(this.query === symptom ? '' : symptom)}>${symptom}</button>`,
        )}
      </div>
      <ul class="results">
        ${
          this.query === '' && textBefore()
            ? html`<li><button class="result" @click=${() => {
                this.dialog.value?.close();
                bringBack();
              }}><strong>${words.texts.back}</strong><span>${textBefore()?.split('\n').slice(0, 6).join(' ')}</span></button></li>`
            : ''
        }
        ${rows.map(
          (row) => html`<li><button class="result" @click=${() => this.choose(row.slug)}>
            <strong>${row.title}</strong><span>${row.summary.replace(/[`*]/g, '')}</span>
          </button></li>`,
        )}
        ${rows.length === 0 && this.rows.length > 0 ? html`<li class="quiet">${words.gallery.nothing}</li>` : ''}
      </ul>
      <div class="dialog-foot">
        <button class="button" @click=${() => {
          this.dialog.value?.close();
          chooseFiles();
        }}>${words.files.open}</button>
        <span>${words.files.drop}</span>
      </div>
    </dialog>`;
  }
}

/** A click on the backdrop closes the dialog. */
export function closeOutside(event: MouseEvent): void {
  const dialog = event.currentTarget as HTMLDialogElement;
  if (event.target !== dialog) return;
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
}

customElements.define('ps-gallery', Gallery);
