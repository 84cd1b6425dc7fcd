// Sweep: one number of the manifest, a range, and how each value comes out. The core runs them in slices between frames.

import { html, nothing } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { announce, model, showDialog, View } from '../app/context.ts';
import * as frame from '../app/frame.ts';
import { closeOutside } from '../app/gallery.ts';
import { icons } from '../app/icons.ts';
import type { SweepNumber, SweepPoint, SweepState } from '../core/contract.ts';
import { editor } from '../editor/editor.ts';
import { words } from '../words/words.ts';
import { chart } from './chart.ts';

/** Real milliseconds of a frame that the runs may take, and events of one call. */
const SLICE_MS = 8;
const EVENTS = 2000;

class Sweep extends View {
  protected override topics = [];
  private readonly dialog = createRef<HTMLDialogElement>();
  private numbers: SweepNumber[] = [];
  private chosen = 0;
  private range = { from: 0, to: 10, step: 1 };
  private state: SweepState | null = null;
  private stop: (() => void) | null = null;

  show(): void {
    model.whenCore(() => {
      model.settle();
      const before = this.numbers[this.chosen]?.label;
      this.numbers = model.ask((core) => core.numbers(), []);
      const again = this.numbers.findIndex((n) => n.label === before);
      const telling = this.numbers.findIndex((n) => /failureThreshold$/.test(n.label) && n.written);
      this.choose(again >= 0 ? again : Math.max(0, telling));
      void showDialog(this, this.dialog);
    });
  }

  private choose(index: number): void {
    this.chosen = index;
    const number = this.numbers[index];
    if (!number) {
      this.requestUpdate();
      return;
    }
    const span = number.most - number.least;
    this.range = { from: number.least, to: number.most, step: Math.max(1, Math.ceil(span / 30)) };
    this.begin();
  }

  private begin(): void {
    this.stop?.();
    const { from, to, step } = this.range;
    this.state = null;
    if (!model.ask((core) => core.sweep(this.chosen, from, to, step), false)) {
      this.requestUpdate();
      return;
    }
    this.stop = frame.animate(() => this.slice());
  }

  private slice(): void {
    const end = performance.now() + SLICE_MS;
    let state: SweepState | null = null;
    do state = model.ask((core) => core.advance_sweep(EVENTS), null);
    while (state && !state.done && performance.now() < end);
    this.state = state;
    if (!state || state.done || !this.dialog.value?.open) {
      this.stop?.();
      this.stop = null;
      if (state?.done) announce(this.answer(state));
    }
    this.requestUpdate();
  }

  private text(value: number | null | undefined): string {
    return value === null || value === undefined ? '' : `${value}${this.numbers[this.chosen]?.unit ?? ''}`;
  }

  private answer(state: SweepState): string {
    return words.sweep.answers[state.answer](this.text(state.low), this.text(state.high));
  }

  private write(value: number): void {
    const edit = model.ask((core) => core.put_number(this.chosen, value), undefined);
    this.dialog.value?.close();
    if (!edit) return;
    editor()?.change(edit.from, edit.to, edit.text);
    editor()?.reveal(edit.from, edit.from + edit.text.trimEnd().length);
  }

  private field(name: 'from' | 'to' | 'step', says: string) {
    return html`<label class="sweep-field"><span>${says}</span><input type="number" min=${name === 'step' ? 1 : 0} max="100000" .value=${String(this.range[name])}
      @change=${(event: Event) => {
        const value = Number((event.target as HTMLInputElement).value);
        if (!Number.isFinite(value)) return;
        this.range = { ...this.range, [name]: Math.max(name === 'step' ? 1 : 0, Math.round(value)) };
        this.begin();
      }} /></label>`;
  }

  private options(written: boolean) {
    const rows = this.numbers.map((n, i) => [n, i] as const).filter(([n]) => n.written === written);
    if (rows.length === 0) return nothing;
    return html`<optgroup label=${written ? words.sweep.written : words.sweep.defaults}>${rows.map(
      ([n, i]) => html`<option value=${i} ?selected=${i === this.chosen}>${n.label}: ${n.value}${n.unit}</option>`,
    )}</optgroup>`;
  }

  /** What is not safe about it, the gravest first. */
  private reasons(p: SweepPoint): string {
    const w = words.sweep.unsafe;
    const all = [
      p.killed > 0 && w.killed,
      p.restarts > 0 && w.restarts,
      (p.ready_us ?? null) === null && w.never,
      p.unready_us > 0 && w.unready,
    ].filter((reason) => typeof reason === 'string');
    return all.join(', ');
  }

  private point(p: SweepPoint, now: number) {
    const w = words.sweep;
    return html`<tr class=${p.safe ? 'is-safe' : ''}>
      <th scope="row" class="num">${this.text(p.value)}${p.value === now ? html` <span class="quiet-tag">${w.now}</span>` : nothing}</th>
      <td>${p.refused ? w.refused : p.safe ? html`<span class="ok">✓ ${w.safe}</span>` : html`<span aria-hidden="true">✕</span> ${this.reasons(p)}`}</td>
      <td class="num">${p.ready}</td><td class="num">${p.restarts}</td><td class="num">${p.unready}</td><td class="num">${p.stop}</td><td class="num">${p.killed}</td>
      <td>${p.value === now || p.refused ? nothing : html`<button class="button small" @click=${() => this.write(p.value)}>${w.take(this.text(p.value))}</button>`}</td>
    </tr>`;
  }

  private result() {
    const { state } = this;
    const w = words.sweep;
    if (!state) return nothing;
    const now = this.numbers[this.chosen]?.value ?? Number.NaN;
    return html`
      <p class="sweep-answer" role="status">${state.done ? this.answer(state) : w.running(state.points.length, state.total)}</p>
      ${chart(state.points, state.total, now, w.chart)}
      <p class="sweep-key"><i class="key-ready"></i>${w.ready} <i class="key-restarts"></i>${w.restarts} <i class="key-safe"></i>${w.safe}</p>
      <p class="sweep-means">${w.means}</p>
      <div class="sweep-table" tabindex="0" role="region" aria-label=${w.chart}><table class="rows">
        <thead><tr>${[w.value, w.outcome, w.ready, w.restarts, w.unready, w.stop, w.killed].map((t) => html`<th scope="col">${t}</th>`)}<td></td></tr></thead>
        <tbody>${state.points.map((p) => this.point(p, now))}</tbody>
      </table></div>`;
  }

  override render() {
    const w = words.sweep;
    return html`<dialog class="wide-dialog" ${ref(this.dialog)} aria-labelledby="sweep-title" @keydown=${(e: KeyboardEvent) => e.stopPropagation()} @click=${closeOutside}>
      <div class="dialog-head">
        <h2 id="sweep-title">${w.title}</h2>
        <button class="button bare square" aria-label=${words.page.close} @click=${() => this.dialog.value?.close()}>${icons.close()}</button>
      </div>
      <div class="dialog-body">
        ${
          this.numbers.length === 0
            ? html`<p class="quiet">${w.none}</p>`
            : html`<div class="sweep-form">
                <label class="sweep-field grow"><span>${w.number}</span><select autofocus @change=${(e: Event) => this.choose(Number((e.target as HTMLSelectElement).value))}>
                  ${this.options(true)}${this.options(false)}
                </select></label>
                ${this.field('from', w.from)}${this.field('to', w.to)}${this.field('step', w.step)}
              </div>
              ${this.result()}`
        }
      </div>
    </dialog>`;
  }
}

customElements.define('ps-sweep', Sweep);
