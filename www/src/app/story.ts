// What the scenario is about: its title and its description.

import { html, nothing } from 'lit';
import { editor } from '../editor/editor.ts';
import { paragraphs, type Run } from '../lib/markdown.ts';
import { tryIn } from '../lib/try.ts';
import { words } from '../words/words.ts';
import { announce, model, View } from './context.ts';
import * as frame from './frame.ts';
import { tell } from './stories.ts';

export function prose(run: Run) {
  if (run.kind === 'code') return html`<code class="code">${run.text}</code>`;
  if (run.kind === 'strong') return html`<strong>${run.text}</strong>`;
  if (run.kind === 'em') return html`<em>${run.text}</em>`;
  return run.text;
}

class Story extends View {
  protected override topics = ['run' as const, 'text' as const];
  private unfolded = false;
  /** Whether there is more of the text than fits into its lines. */
  private clipped = false;

  override connectedCallback(): void {
    super.connectedCallback();
    new ResizeObserver(() => this.measure()).observe(this);
  }

  private readonly measure = (): void => {
    const box = this.querySelector('.story-text:not(.open)');
    const clipped = box ? box.scrollHeight > box.clientHeight + 2 : this.unfolded;
    if (clipped === this.clipped) return;
    this.clipped = clipped;
    this.requestUpdate();
  };

  protected override updated(): void {
    frame.paint(this.measure);
  }

  override render() {
    // Nothing is said before the core has read the text, so that nothing is said twice.
    this.classList.toggle('bare', !/^ {2}description:/m.test(model.text));
    if (!model.info.version) return nothing;
    const { title: own, description } = model.info;
    const told = tell(own, description);
    const title = told?.title ?? own;
    const text = paragraphs(told?.text ?? description ?? '');
    if (text.length === 0) this.unfolded = false;
    return html`<div class="story-head"><h2 class="story-title">${title || words.story.untitled}</h2>
        ${
          text.length > 0 && this.clipped
            ? html`<button class="story-more" aria-expanded=${this.unfolded} @click=${() => {
                this.unfolded = !this.unfolded;
                this.requestUpdate();
              }}>${this.unfolded ? words.story.less : words.story.more}</button>`
            : nothing
        }</div>
      ${
        text.length > 0
          ? html`<div class="story-text ${this.unfolded ? 'open' : ''}">${text.map((p) => html`<p>${p.map(prose)}</p>`)}</div>`
          : nothing
      }${this.proposal(told?.try)}`;
  }

  /** The change that the scenario proposes: one press makes it, another takes it back, and so does undo. */
  private proposal(told?: string) {
    const proposal = tryIn(model.text);
    if (!proposal) return nothing;
    const { says, from, to, text, made } = proposal;
    const change = (piece: string) => piece.replace(/\s+/g, ' ');
    return html`<p class="story-try"><strong>${words.story.try}</strong> ${told ?? says}
      <button class="chip" @click=${() => {
        editor()?.change(from, to, text);
        editor()?.reveal(from, from + text.length);
        announce(made ? words.story.undone : words.story.done);
      }}>${made ? words.story.back : html`<code>${change(model.text.slice(from, to))}</code> → <code>${change(text)}</code>`}</button>
    </p>`;
  }
}

customElements.define('ps-story', Story);
