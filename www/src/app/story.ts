// What the scenario is about: its title and its description.

import { html, nothing } from 'lit';
import { paragraphs, type Run } from '../lib/markdown.ts';
import { words } from '../words/words.ts';
import { model, View } from './context.ts';

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
      }`;
  }
}

customElements.define('ps-story', Story);
