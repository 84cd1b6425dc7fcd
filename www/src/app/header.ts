// The head of the page: mark, scenario picker, versions, theme, help, share.

import { html, nothing } from 'lit';
import { languages, other, setLanguage, words } from '../words/words.ts';
import { model, open, View } from './context.ts';
import { icons, mark } from './icons.ts';
import { titleNow } from './stories.ts';
import { cycleTheme, theme } from './theme.ts';

class Mark extends View {
  override render() {
    return mark();
  }
}

class Picker extends View {
  protected override topics = ['run' as const];

  override render() {
    return html`<button class="button picker" aria-haspopup="dialog" @click=${() => open('ps-gallery')}>
      <span>${titleNow() || words.header.scenarios}</span>${icons.chevron()}
    </button>`;
  }
}

class Actions extends View {
  protected override topics = ['run' as const];

  override render() {
    const { version, kubernetes } = model.info;
    const now = theme();
    const label = words.header.themes[now];
    return html`
      ${version ? html`<span class="version">${words.header.versions(kubernetes, version)}</span>` : nothing}
      <button class="button bare language" lang=${other()} @click=${() => void setLanguage(other())}>${languages[other()]}</button>
      <button class="button bare square" aria-label=${label} title=${label} @click=${() => {
        cycleTheme();
        this.requestUpdate();
      }}>${icons[now]()}</button>
      <button class="button bare square" aria-label=${words.header.help} title="${words.header.help} (?)" @click=${() => open('ps-help')}><b aria-hidden="true">?</b></button>
      <button class="button primary" @click=${() => open('ps-share')}>${icons.share()}${words.header.share}</button>`;
  }
}

customElements.define('ps-mark', Mark);
customElements.define('ps-picker', Picker);
customElements.define('ps-actions', Actions);
