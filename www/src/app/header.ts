// The head of the page: mark, scenario picker, versions, theme, help, share.

import { html, nothing } from 'lit';
import { model, open, View } from './context.ts';
import { icons, mark } from './icons.ts';
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
      <span>${model.info.title || 'Scenarios'}</span>${icons.chevron()}
    </button>`;
  }
}

class Actions extends View {
  protected override topics = ['run' as const];

  override render() {
    const { version, kubernetes } = model.info;
    const now = theme();
    const label = { auto: 'Theme: automatic', light: 'Theme: light', dark: 'Theme: dark' }[now];
    return html`
      ${version ? html`<span class="version">Kubernetes ${kubernetes} · Podscope ${version}</span>` : nothing}
      <button class="button bare square" aria-label=${label} title=${label} @click=${() => {
        cycleTheme();
        this.requestUpdate();
      }}>${icons[now]()}</button>
      <button class="button bare square" aria-label="Keyboard and legend" title="Keyboard and legend (?)" @click=${() => open('ps-help')}><b aria-hidden="true">?</b></button>
      <button class="button primary" @click=${() => open('ps-share')}>${icons.share()}Share</button>`;
  }
}

customElements.define('ps-mark', Mark);
customElements.define('ps-picker', Picker);
customElements.define('ps-actions', Actions);
