// Brings the page and the core into the reader's language.

import { onWords, startWords, words } from '../words/words.ts';
import { model } from './context.ts';

/** The few words that stand in the page itself, so that they are there before any script. */
function fixed(): void {
  const name = (selector: string, text: string) => document.querySelector(selector)?.setAttribute('aria-label', text);
  name('section.left', words.page.manifest);
  name('section.right', words.page.simulation);
  document.querySelector('meta[name=description]')?.setAttribute('content', words.page.description);
  const lead = document.querySelector('.lead');
  if (lead) lead.textContent = words.page.lead;
}

export function startLanguage(): void {
  onWords(() => {
    fixed();
    model.setLanguage(words.tag);
  });
  startWords();
}
