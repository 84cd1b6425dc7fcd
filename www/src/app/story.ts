// What the scenario is about: its title and its description.

import { html, nothing } from 'lit';
import { editor } from '../editor/editor.ts';
import { paragraphs, type Run } from '../lib/markdown.ts';
import { tryIn } from '../lib/try.ts';
import { words } from '../words/words.ts';
import { announce, model, View } from './context.ts';

export function prose(run: Run) {
  if (run.kind === 'code') return html`<code class="code">${run.text}</code>`;
  if (run.kind === 'strong') return html`<strong>${run.text}</strong>`;
  if (run.kind === 'em') return html`<em>${run.text}</em>`;
  return run.text;
}

class Story extends View {
  protected override topics = ['run' as const];
  private unfolded = false;

  override render() {
    const { title, description } = model.info;
    const text = paragraphs(description ?? '');
    return html`<h2 class="story-title">${title || words.story.untitled}</h2>
      ${
        text.length > 0
          ? html`<div class="story-text ${this.unfolded ? 'open' : ''}" @click=${() => {
              this.unfolded = !this.unfolded;
              this.requestUpdate();
            }}>${text.map((p) => html`<p>${p.map(prose)}</p>`)}</div>`
          : nothing
      }${this.proposal()}`;
  }

  /** The change that the scenario proposes: one press makes it, another takes it back, and so does undo. */
  private proposal() {
    const proposal = tryIn(model.text);
    if (!proposal) return nothing;
    const { says, from, to, text, made } = proposal;
    const change = (piece: string) => piece.replace(/\s+/g, ' ');
    return html`<p class="story-try"><strong>${words.story.try}</strong> ${says}
      <button class="chip" @click=${() => {
        editor()?.change(from, to, text);
        editor()?.reveal(from, from + text.length);
        announce(made ? words.story.undone : words.story.done);
      }}>${made ? words.story.back : html`<code>${change(model.text.slice(from, to))}</code> → <code>${change(text)}</code>`}</button>
    </p>`;
  }
}

customElements.define('ps-story', Story);
