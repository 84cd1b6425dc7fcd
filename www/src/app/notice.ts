// One line under the header: something that happened to the text, or an error of the page itself.

import { html, nothing } from 'lit';
import { words } from '../words/words.ts';
import { View } from './context.ts';
import { icons } from './icons.ts';

export interface Notice {
  text: string;
  error?: boolean;
  /** Nothing happened: it only offers something, and takes no room for it. */
  offer?: boolean;
  action?: { title: string; run: () => void };
}

class NoticeBar extends View {
  notice: Notice | null = null;

  show(notice: Notice | null): void {
    this.notice = notice;
    this.requestUpdate();
  }

  override render() {
    const notice = this.notice;
    if (!notice) return nothing;
    const { action } = notice;
    return html`<div class="notice ${notice.error ? 'error' : ''} ${notice.offer ? 'offer' : ''}" role=${notice.error ? 'alert' : 'status'}>
      <p>${notice.text}</p>
      ${
        action
          ? html`<button class="button" @click=${() => {
              this.show(null);
              action.run();
            }}>${action.title}</button>`
          : nothing
      }
      <button class="button bare square" aria-label=${words.page.dismiss} @click=${() => this.show(null)}>${icons.close()}</button>
    </div>`;
  }
}

customElements.define('ps-notice', NoticeBar);

export function notify(notice: Notice | null): void {
  (document.querySelector('ps-notice') as NoticeBar | null)?.show(notice);
}
