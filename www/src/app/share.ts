// Share: the whole scenario in a link, as a Markdown link, as fenced code, as a picture.

import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { count, instant } from '../lib/format.ts';
import { fencedCode, LONG_LINK, markdownLink, shareUrl } from '../lib/link.ts';
import { announce, model, View } from './context.ts';
import { closeOutside } from './gallery.ts';
import { icons } from './icons.ts';
import { isDark } from './theme.ts';

class Share extends View {
  private readonly dialog = createRef<HTMLDialogElement>();
  private withTime = false;
  private copied = '';
  private fragment = '';

  show(): void {
    this.copied = '';
    this.fragment = model.ask((core) => core.encode_link(model.text), '');
    this.requestUpdate();
    this.dialog.value?.showModal();
  }

  private url(): string {
    return shareUrl(location.href, this.fragment, this.withTime ? { t: model.now, sel: model.selected } : {});
  }

  private async copy(what: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = what;
      announce(`${what} copied`);
    } catch {
      this.dialog.value?.querySelector('input')?.select();
    }
    this.requestUpdate();
  }

  private download(name: string, type: string, text: string): void {
    const anchor = document.createElement('a');
    anchor.href = URL.createObjectURL(new Blob([text], { type }));
    anchor.download = name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
  }

  private button(what: string, primary: boolean, text: () => string) {
    const done = this.copied === what;
    return html`<button class="button ${primary ? 'primary' : ''}" @click=${() => void this.copy(what, text())}>
      ${done ? icons.check() : primary ? icons.link() : icons.copy()}${done ? 'Copied' : what}
    </button>`;
  }

  override render() {
    const url = this.url();
    const title = model.info.title || 'Podscope';
    return html`<dialog ${ref(this.dialog)} aria-labelledby="share-title" @keydown=${(e: KeyboardEvent) => e.stopPropagation()} @click=${closeOutside}>
      <div class="dialog-head">
        <h2 id="share-title">Share this scenario</h2>
        <button class="button bare square" aria-label="Close" @click=${() => this.dialog.value?.close()}>${icons.close()}</button>
      </div>
      <div class="dialog-body">
        <input class="share-link" readonly aria-label="Link" .value=${url} @focus=${(e: FocusEvent) => (e.target as HTMLInputElement).select()} />
        <label class="check"><input type="checkbox" .checked=${this.withTime} @change=${(e: Event) => {
          this.withTime = (e.target as HTMLInputElement).checked;
          this.requestUpdate();
        }} />Open at ${instant(model.now)}${model.selected === null ? nothing : ' with the selected entry'}</label>
        <div class="share-row">
          ${this.button('Copy link', true, () => this.url())}
          ${this.button('Markdown link', false, () => markdownLink(title, this.url()))}
          ${this.button('Code block', false, () => fencedCode(model.text))}
          <button class="button" @click=${() =>
            this.download(
              'podscope.svg',
              'image/svg+xml',
              model.ask((c) => c.svg(1200, isDark()), ''),
            )}>Picture (SVG)</button>
          <button class="button" @click=${() => this.download('podscope.yaml', 'application/yaml', model.text)}>File</button>
        </div>
        <p class="share-note ${url.length > LONG_LINK ? 'long' : ''}">
          ${
            url.length > LONG_LINK
              ? `${count(url.length, 'character')}: longer than many programs let a link be. Send the file instead.`
              : `${count(url.length, 'character')}. The link itself holds the whole text; nothing is uploaded.`
          }
        </p>
      </div>
    </dialog>`;
  }
}

customElements.define('ps-share', Share);
