// Share: the whole scenario in a link, as a Markdown link, as fenced code, as a picture.

import { html } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';

import { instant } from '../lib/format.ts';
import { elementCode, fencedCode, frameCode, type LinkPlace, LONG_LINK, markdownLink, shareUrl } from '../lib/link.ts';
import { differenceReport } from '../lib/report.ts';

import { words } from '../words/words.ts';
import { announce, model, showDialog, View } from './context.ts';
import { closeOutside } from './gallery.ts';
import { icons } from './icons.ts';
import { pictureOf } from './picture-file.ts';
import { printPage } from './print.ts';
import { tableShown } from './table-switch.ts';
import { isDark } from './theme.ts';

class Share extends View {
  private readonly dialog = createRef<HTMLDialogElement>();
  private withTime = false;
  private copied = '';
  private fragment = '';

  show(): void {
    this.copied = '';
    this.fragment = '';
    model.whenCore(() => {
      this.fragment = model.ask((core) => core.encode_link(model.text), '');
      this.requestUpdate();
    });
    this.requestUpdate();
    void showDialog(this, this.dialog);
  }

  private url(): string {
    return shareUrl(location.href, this.fragment, this.place());
  }

  /** View and luck always; instant and selection when they are to be shared. */
  private place(): LinkPlace {
    return {
      ...(this.withTime ? { t: model.now, sel: model.selected } : {}),
      ...(tableShown() ? { view: 'table' } : {}),
      ...(model.seed ? { seed: model.seed } : {}),
    };
  }

  private async copy(what: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = what;
      announce(words.page.copiedWhat(what));
    } catch {
      this.dialog.value?.querySelector('input')?.select();
    }
    this.requestUpdate();
  }

  private download(name: string, type: string, text: () => string): void {
    model.whenRun(() => this.save(name, new Blob([text()], { type })));
  }

  private save(name: string, blob: Blob): void {
    const anchor = document.createElement('a');
    anchor.href = URL.createObjectURL(blob);
    anchor.download = name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
  }

  private async png(): Promise<void> {
    const blob = await pictureOf(model.ask((core) => core.svg(1200, isDark()), ''));
    if (blob) this.save('podscope.png', blob);
  }

  /** Copies what the core makes of the text, or, `ofRun`, of the run. */
  private button(what: string, primary: boolean, text: () => string, ofRun = false) {
    const copy = () => void this.copy(what, text());
    const done = this.copied === what;
    return html`<button class="button ${primary ? 'primary' : ''}" ?autofocus=${primary} @click=${() => (ofRun ? model.whenRun(copy) : model.whenCore(copy))}>
      ${done ? icons.check() : primary ? icons.link() : icons.copy()}${done ? words.page.copied : what}
    </button>`;
  }

  private report(): string {
    const { version, kubernetes, seed } = model.info;
    return differenceReport({
      version,
      kubernetes,
      seed,
      link: this.url(),
      entry: model.why?.title ?? '',
      at: instant(model.now),
      text: model.text,
    });
  }

  override render() {
    const url = this.url();
    const title = model.info.title || 'Podscope';
    return html`<dialog ${ref(this.dialog)} aria-labelledby="share-title" @keydown=${(e: KeyboardEvent) => e.stopPropagation()} @click=${closeOutside}>
      <div class="dialog-head">
        <h2 id="share-title">${words.share.title}</h2>
        <button class="button bare square" aria-label=${words.page.close} @click=${() => this.dialog.value?.close()}>${icons.close()}</button>
      </div>
      <div class="dialog-body">
        <input class="share-link" readonly aria-label=${words.share.link} .value=${url} @focus=${(e: FocusEvent) => (e.target as HTMLInputElement).select()} />
        <label class="check"><input type="checkbox" .checked=${this.withTime} @change=${(e: Event) => {
          this.withTime = (e.target as HTMLInputElement).checked;
          this.requestUpdate();
        }} />${words.share.openAt(model.now, model.selected !== null)}</label>
        <div class="share-row">
          ${this.button(words.share.copyLink, true, () => this.url())}
          ${this.button(words.share.markdown, false, () => markdownLink(title, this.url()))}
          <button class="button" title=${words.share.differsLong} @click=${() => model.whenCore(() => void this.copy(words.share.differs, this.report()))}>
            ${this.copied === words.share.differs ? icons.check() : icons.copy()}${this.copied === words.share.differs ? words.page.copied : words.share.differs}
          </button>
        </div>
        <p class="share-note ${url.length > LONG_LINK ? 'long' : ''}">
          ${url.length > LONG_LINK ? words.share.long(url.length) : words.share.short(url.length)}
        </p>
        <h3 class="share-group">${words.share.groups.site}</h3>
        <div class="share-row">
          ${this.button(words.share.code, false, () => fencedCode(model.text))}
          ${this.button(words.share.html, false, () => elementCode(location.href, this.fragment, this.place()))}
          ${this.button(words.share.frame, false, () => frameCode(location.href, this.fragment, title, this.place()))}
        </div>
        <h3 class="share-group">${words.share.groups.picture}</h3>
        <div class="share-row">
          <button class="button" @click=${() =>
            this.download('podscope.svg', 'image/svg+xml', () =>
              model.ask((c) => c.svg_auto(960), ''),
            )}>${icons.save()}${words.share.svg}</button>
          <button class="button" @click=${() => model.whenRun(() => void this.png())}>${icons.save()}${words.exports.png}</button>
          ${this.button(words.exports.table, false, () => model.ask((c) => c.markdown(), ''), true)}
          <button class="button" @click=${() =>
            this.download('podscope.trace.json', 'application/json', () =>
              model.ask((c) => c.chrome(), ''),
            )}>${icons.save()}${words.exports.perfetto}</button>
          <button class="button" @click=${() => {
            this.dialog.value?.close();
            model.whenRun(() => void printPage());
          }}>${icons.print()}${words.exports.print}</button>
          <button class="button" @click=${() => this.save('podscope.yaml', new Blob([model.text], { type: 'application/yaml' }))}>${icons.save()}${words.share.file}</button>
        </div>
      </div>
    </dialog>`;
  }
}

customElements.define('ps-share', Share);
