// The manifest. A plain textarea comes with the page; the real editor is loaded after the first picture and takes its
// place with the same text, the same letters and the same scroll position.

import { html, type PropertyValues } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { announce, model, View } from '../app/context.ts';
import * as frame from '../app/frame.ts';
import { edited, onReplace } from '../app/texts.ts';
import { words } from '../words/words.ts';
import type { RichEditor } from './codemirror.ts';
import { placeIn, watchRest } from './swap.ts';

class Editor extends View {
  protected override topics = ['run' as const, 'select' as const];
  private readonly area = createRef<HTMLTextAreaElement>();
  private rich: RichEditor | null = null;
  private host: HTMLElement | null = null;
  private atRest: (() => Promise<void>) | null = null;
  /** Where the last problem gone to begins. */
  private problemAt = -1;

  override connectedCallback(): void {
    super.connectedCallback();
    onReplace((text) => this.replace(text));
  }

  protected override onTopic(): void {
    this.rich?.show(model.diagnostics, model.why?.fields ?? []);
  }

  private replace(text: string): void {
    if (this.rich) this.rich.replace(text);
    else this.requestUpdate();
  }

  /** Swaps the textarea for the real editor. */
  async enrich(): Promise<void> {
    const release = frame.hold('editor');
    try {
      const { createEditor } = await import('./codemirror.ts');
      await this.atRest?.();
      const area = this.area.value;
      const place = area && placeIn(area, this.querySelector('.plain') ?? area);
      const host = document.createElement('div');
      host.className = 'rich';
      this.host = host;
      this.rich = createEditor(host, model.text, {
        onText: edited,
        assist: {
          complete: (offset) => {
            model.settle();
            return model.ask((core) => core.complete(offset), []);
          },
          hover: (offset, descriptions) => model.ask((core) => core.hover(offset, descriptions), undefined),
        },
        onCursor: (offset) => model.lightFor(offset),
        onLeave: () => (this.querySelector('.rich') as HTMLElement | null)?.blur(),
      });
      this.requestUpdate();
      await this.updateComplete;
      this.append(host);
      if (place) this.rich.restore(place);
      this.onTopic();
    } finally {
      release();
    }
  }

  /** Shows a place of the text. */
  reveal(from: number, to: number, where: 'center' | 'start' = 'center'): void {
    if (this.rich) this.rich.reveal(from, to, where);
    else this.area.value?.setSelectionRange(from, to);
  }

  /** Applies a quick fix. */
  change(from: number, to: number, text: string): void {
    if (this.rich) this.rich.change(from, to, text);
    else {
      edited(model.text.slice(0, from) + text + model.text.slice(to));
      this.requestUpdate();
    }
  }

  /** To the next problem after the cursor, around the end; errors and warnings before notes. */
  nextProblem(): void {
    const grave = model.diagnostics.filter((d) => d.severity !== 'info');
    const list = [...(grave.length > 0 ? grave : model.diagnostics)].sort((a, b) => a.from - b.from);
    const next = list.find((d) => d.from > this.problemAt) ?? list[0];
    if (!next) return;
    this.problemAt = next.from;
    this.reveal(next.from, next.to);
    announce(`${words.problems.where(next.line, next.column)}: ${words.core(next.message)}`);
  }

  focusText(): void {
    if (this.rich) this.rich.focus();
    else void this.updateComplete.then(() => this.area.value?.focus());
  }

  protected override firstUpdated(): void {
    if (this.area.value) this.atRest = watchRest(this.area.value);
  }

  protected override shouldUpdate(_changed: PropertyValues): boolean {
    return true;
  }

  override render() {
    if (this.host) return html``;
    const lines = model.text.split('\n').length;
    return html`<div class="plain">
      <div class="plain-gutter" aria-hidden="true">${Array.from({ length: lines }, (_, i) => i + 1).join('\n')}</div>
      <textarea ${ref(this.area)} aria-label=${words.editor.name} spellcheck="false" autocapitalize="off" autocomplete="off" rows=${lines + 1}
        .value=${model.text}
        @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && (event.target as HTMLElement).blur()}
        @input=${(event: InputEvent) => {
          edited((event.target as HTMLTextAreaElement).value);
          this.requestUpdate();
        }}></textarea>
    </div>`;
  }
}

customElements.define('ps-editor', Editor);

export function editor(): Editor | null {
  return document.querySelector('ps-editor');
}

export type { Editor };
