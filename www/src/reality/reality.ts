// Reality: what a real cluster said, pasted, laid beside the prediction. The first divergence is named, and all of it is
// drawn as outlines on the timeline.

import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { announce, model, showDialog, View } from '../app/context.ts';
import { closeOutside } from '../app/gallery.ts';
import { icons } from '../app/icons.ts';
import { prose } from '../app/story.ts';
import type { Reality as Found, RealityLine } from '../core/contract.ts';
import { instant } from '../lib/format.ts';
import { paragraphs } from '../lib/markdown.ts';
import { words } from '../words/words.ts';

const signs = { same: '=', later: '→', earlier: '←', 'only-real': '+', 'only-predicted': '−' } as const;

class Reality extends View {
  protected override topics = [];
  private readonly dialog = createRef<HTMLDialogElement>();
  private text = '';
  private found: Found | null = null;

  show(): void {
    this.requestUpdate();
    void showDialog(this, this.dialog);
  }

  private read(): void {
    this.found = this.text.trim() === '' ? null : model.ask((core) => core.reality(this.text), null);
    if (this.found && !this.found.error) {
      model.drawnBeside();
      announce(this.says(this.found));
    }
    this.requestUpdate();
  }

  private says(found: Found): string {
    const line = found.lines[found.first ?? -1];
    if (!line) return words.reality.same;
    return words.reality.first(words.reality.verdicts[line.verdict], line.what);
  }

  private line(line: RealityLine, first: boolean) {
    const at = (us: number | null | undefined) => (us === null || us === undefined ? '–' : instant(us));
    return html`<tr class="real-${line.verdict} ${first ? 'real-first' : ''}">
      <td class="num">${at(line.real_us)}</td><td class="num">${at(line.predicted_us)}</td>
      <td>${line.what}</td>
      <td><span aria-hidden="true">${signs[line.verdict]}</span> ${words.reality.verdicts[line.verdict]}</td>
    </tr>`;
  }

  private result() {
    const { found } = this;
    if (!found) return nothing;
    if (found.error) return html`<p class="real-error" role="alert">${words.core(found.error)}</p>`;
    const w = words.reality;
    return html`<p class="sweep-answer" role="status">${this.says(found)}</p>
      <p class="sweep-means">${w.beside(found.real, found.predicted)}</p>
      <div class="sweep-table" tabindex="0" role="region" aria-label=${w.title}><table class="rows">
        <thead><tr><th scope="col">${w.real}</th><th scope="col">${w.predicted}</th><th scope="col">${w.what}</th><th scope="col">${w.outcome}</th></tr></thead>
        <tbody>${found.lines.map((l, i) => this.line(l, i === found.first))}</tbody>
      </table></div>`;
  }

  override render() {
    const w = words.reality;
    return html`<dialog class="wide-dialog" ${ref(this.dialog)} aria-labelledby="reality-title" @keydown=${(e: KeyboardEvent) => e.stopPropagation()} @click=${closeOutside}>
      <div class="dialog-head">
        <h2 id="reality-title">${w.title}</h2>
        <button class="button bare square" aria-label=${words.page.close} @click=${() => this.dialog.value?.close()}>${icons.close()}</button>
      </div>
      <div class="dialog-body">
        <p class="sweep-means">${paragraphs(w.hint).map((p) => p.map(prose))}</p>
        <textarea class="real-text" autofocus rows="7" spellcheck="false" aria-label=${w.paste} placeholder=${w.example}
          @input=${(event: InputEvent) => {
            this.text = (event.target as HTMLTextAreaElement).value;
            model.whenRun(() => this.read());
          }}></textarea>
        ${this.result()}
      </div>
    </dialog>`;
  }
}

customElements.define('ps-reality', Reality);
