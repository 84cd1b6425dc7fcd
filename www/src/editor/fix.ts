// The button that mends what a problem says.

import { html, nothing } from 'lit';
import { announce } from '../app/context.ts';
import type { Diagnostic } from '../core/contract.ts';
import { words } from '../words/words.ts';
import { editor } from './editor.ts';

/** The first mend of a problem as a button, if it has one. */
export function fixButton({ fixes: [fix] }: Diagnostic, look = 'problem-fix') {
  if (!fix) return nothing;
  const title = words.core(fix.title);
  return html`<button class=${look} @click=${() => {
    editor()?.change(fix.from, fix.to, fix.text);
    announce(words.problems.done(title));
  }}>${title}</button>`;
}
