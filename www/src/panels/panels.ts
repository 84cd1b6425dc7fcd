// A set of tabs under the timeline. Panels read the present; while it plays they are drawn anew at most ten times a
// second, because nobody reads faster.

import { html, nothing, type TemplateResult } from 'lit';
import { model, testing, View } from '../app/context.ts';
import * as frame from '../app/frame.ts';
import { compareCount, comparePanel } from '../compare/compare.ts';
import type { Words } from '../words/en.ts';
import { words } from '../words/words.ts';
import { consoleCount, consolePanel } from './console.ts';

import { endpointsCount, endpointsPanel } from './endpoints.ts';
import { eventsCount, eventsPanel } from './events.ts';
import { logsPanel } from './logs.ts';
import { describePanel, yamlPanel } from './object.ts';
import { watchPanel } from './watch.ts';
import { whyPanel } from './why.ts';

interface Panel {
  id: keyof Words['panels'];
  body(again: () => void): TemplateResult;
  count?(): number;
  /** Keeps the newest line in sight. */
  follow?: boolean;
}

const sets: Record<string, Panel[]> = {
  why: [
    { id: 'why', body: whyPanel },
    { id: 'events', body: eventsPanel, count: eventsCount, follow: true },
    { id: 'describe', body: describePanel },
    { id: 'yaml', body: yamlPanel },
    { id: 'logs', body: logsPanel, follow: true },
    { id: 'endpoints', body: endpointsPanel, count: endpointsCount },
    { id: 'compare', body: comparePanel, count: compareCount },
  ],
  console: [
    { id: 'watch', body: watchPanel, follow: true },
    { id: 'console', body: consolePanel, count: consoleCount, follow: true },
  ],
};

const EVERY_MS = 100;

/** Panels ask the core much; the first picture comes before them. */
let asked = false;

/** The first picture is there: from now on the panels show what they are for. */
export function showPanels(): void {
  asked = true;
  model.emit('time');
}

class Panels extends View {
  protected override topics = ['time' as const, 'run' as const, 'select' as const];
  private chosen = '';
  private last = 0;
  private timer = 0;

  private get panels(): Panel[] {
    return sets[this.dataset.set ?? 'why'] ?? [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.chosen = this.panels[0]?.id ?? '';
    // A selection is a question: the answer comes to the front.
    if (this.dataset.set === 'why') {
      let shown: number | null = null;
      model.follow(['select'], () => {
        if (model.selected !== null && model.selected !== shown) this.chosen = 'why';
        shown = model.selected;
      });
    }
  }

  protected override onTopic(): void {
    if (!model.player.playing || testing) {
      this.requestUpdate();
      return;
    }
    const wait = EVERY_MS - (performance.now() - this.last);
    if (wait <= 0) this.requestUpdate();
    else this.timer ||= window.setTimeout(() => this.requestUpdate(), wait);
  }

  private choose(id: string): void {
    this.chosen = id;
    this.requestUpdate();
  }

  private onKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const all = this.panels;
    const at = all.findIndex((p) => p.id === this.chosen);
    const next = all[(at + step + all.length) % all.length];
    if (!next) return;
    this.choose(next.id);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  }

  protected override updated(): void {
    this.last = performance.now();
    clearTimeout(this.timer);
    this.timer = 0;
    const panel = this.panels.find((p) => p.id === this.chosen);
    if (!asked || !panel?.follow) return;
    // When everything is laid out anyway: asking for a height at once would lay the page out once for each panel.
    frame.paint(this.follow);
  }

  private readonly follow = (): void => {
    const box = this.querySelector('.panel');
    if (box) box.scrollTop = box.scrollHeight;
  };

  override render() {
    const panel = this.panels.find((p) => p.id === this.chosen) ?? this.panels[0];
    if (!panel) return nothing;
    return html`
      <div class="tabs" role="tablist" aria-label=${this.dataset.set === 'why' ? words.panels.details : words.panels.kubectl} @keydown=${this.onKey}>
        ${this.panels.map((p) => {
          const on = p.id === panel.id;
          const n = (asked && p.count?.()) || 0;
          return html`<button class="tab" role="tab" id="tab-${p.id}" aria-selected=${on} aria-controls="panel-${this.dataset.set}" tabindex=${on ? 0 : -1}
            @click=${() => this.choose(p.id)}>${words.panels[p.id]}${n > 0 ? html`<span class="tab-count">${n}</span>` : nothing}</button>`;
        })}
      </div>
      <div class="panel" role="tabpanel" id="panel-${this.dataset.set}" aria-labelledby="tab-${panel.id}" tabindex="0">
        ${asked ? panel.body(() => this.requestUpdate()) : nothing}
      </div>`;
  }
}

customElements.define('ps-panels', Panels);
