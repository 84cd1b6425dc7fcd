// A short walk around the page for who wants it: one box that stands beside one part of the page after the other.

import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { keep, recall } from '../lib/storage.ts';
import { words } from '../words/words.ts';
import { announce, View } from './context.ts';
import { showFace } from './faces.ts';
import { notify } from './notice.ts';

const stops = [
  { name: 'text', target: '.left', face: 'text' },
  { name: 'timeline', target: 'ps-timeline', face: 'timeline' },
  { name: 'surprise', target: 'ps-transport', face: 'timeline' },
  { name: 'why', target: 'ps-panels[data-set="why"]', face: 'timeline' },
  { name: 'gallery', target: 'ps-picker', face: 'timeline' },
] as const;

class Tour extends View {
  private at = -1;
  private readonly box = createRef<HTMLElement>();
  private focusBefore: Element | null = null;

  show(): void {
    this.focusBefore = document.activeElement;
    this.go(0);
  }

  private go(to: number): void {
    document.querySelector('.tour-target')?.classList.remove('tour-target');
    this.at = to < stops.length ? to : -1;
    const stop = stops[this.at];
    if (stop) {
      showFace(stop.face);
      document.querySelector(stop.target)?.classList.add('tour-target');
      announce(words.tour.stops[stop.name]);
    } else if (this.focusBefore instanceof HTMLElement) this.focusBefore.focus();
    this.requestUpdate();
  }

  protected override updated(): void {
    const box = this.box.value;
    const target = document.querySelector('.tour-target');
    if (!box || !target) return;
    target.scrollIntoView({ block: 'nearest' });
    const { left, top, right, bottom } = target.getBoundingClientRect();
    const { width, height } = box.getBoundingClientRect();
    // Beside the part if there is room, else below its head, else above.
    const x = right + width + 16 < innerWidth ? right + 12 : Math.max(8, Math.min(left + 16, innerWidth - width - 8));
    const y = right + width + 16 < innerWidth ? top + 24 : bottom + height + 16 < innerHeight ? bottom + 10 : top + 56;
    box.style.transform = `translate(${Math.round(x)}px, ${Math.round(Math.max(8, Math.min(y, innerHeight - height - 8)))}px)`;
    box.querySelector<HTMLElement>('.primary')?.focus({ preventScroll: true });
  }

  override render() {
    const stop = stops[this.at];
    if (!stop) return nothing;
    const last = this.at === stops.length - 1;
    return html`<div class="tour" ${ref(this.box)} role="dialog" aria-label=${words.tour.name} @keydown=${(
      event: KeyboardEvent,
    ) => {
      event.stopPropagation();
      if (event.key === 'Escape') this.go(stops.length);
    }}>
      <p>${words.tour.stops[stop.name]}</p>
      <div class="tour-row">
        <span class="quiet">${this.at + 1} / ${stops.length}</span>
        <button class="button bare" @click=${() => this.go(stops.length)}>${words.tour.end}</button>
        <button class="button primary" @click=${() => this.go(this.at + 1)}>${last ? words.tour.done : words.tour.next}</button>
      </div>
    </div>`;
  }
}

customElements.define('ps-tour', Tour);

export function startTour(): void {
  (document.querySelector('ps-tour') as Tour | null)?.show();
}

/** Offers the tour once, to somebody who has not been here. */
export function offerTour(): void {
  if (recall('toured') !== null) return;
  keep('toured', '1');
  notify({ text: words.tour.offer, offer: true, action: { title: words.tour.begin, run: startTour } });
}
