// A line between two panes that can be dragged or moved with the arrow keys. It sets a custom property of the page.

import { keep, recall } from '../lib/storage.ts';
import { onWords, words } from '../words/words.ts';

const axes = {
  x: { property: '--left-w', least: 240 },
  y: { property: '--timeline-h', least: 160 },
};

class Splitter extends HTMLElement {
  connectedCallback(): void {
    const axis = this.dataset.axis === 'y' ? 'y' : 'x';
    const { property } = axes[axis];
    this.tabIndex = 0;
    this.setAttribute('role', 'separator');
    this.setAttribute('aria-orientation', axis === 'x' ? 'vertical' : 'horizontal');
    const name = () => this.setAttribute('aria-label', words.splitter[axis]);
    name();
    onWords(name);
    this.setAttribute('aria-valuenow', '50');
    const kept = Number(recall(property));
    if (kept > 0) this.set(kept);
    this.addEventListener('pointerdown', (event) => this.setPointerCapture(event.pointerId));
    this.addEventListener('pointermove', (event) => {
      if (!this.hasPointerCapture(event.pointerId)) return;
      const box = this.previousElementSibling?.getBoundingClientRect();
      if (box) this.set(axis === 'x' ? event.clientX - box.left : event.clientY - box.top);
    });
    this.addEventListener('dblclick', () => this.reset());
    this.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -16, ArrowUp: -16, ArrowRight: 16, ArrowDown: 16 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const box = this.previousElementSibling?.getBoundingClientRect();
      if (box) this.set((axis === 'x' ? box.width : box.height) + step);
    });
  }

  private set(px: number): void {
    const { property, least } = axes[this.dataset.axis === 'y' ? 'y' : 'x'];
    const room = this.parentElement?.getBoundingClientRect();
    const most = this.dataset.axis === 'y' ? (room?.height ?? 800) - 260 : (room?.width ?? 1200) * 0.6;
    const size = Math.round(Math.min(Math.max(px, least), Math.max(least, most)));
    document.documentElement.style.setProperty(property, `${size}px`);
    this.setAttribute('aria-valuenow', String(Math.round((100 * size) / Math.max(1, most + least))));
    keep(property, String(size));
  }

  private reset(): void {
    const { property } = axes[this.dataset.axis === 'y' ? 'y' : 'x'];
    document.documentElement.style.removeProperty(property);
    keep(property, null);
  }
}

customElements.define('ps-splitter', Splitter);
