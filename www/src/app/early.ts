// Takes over what `public/early.js` kept: keys that were pressed, text that was pasted and files that were dropped while
// the page's own script was on its way.

import type { KeyPress } from '../lib/keys.ts';
import { type Dropped, open, paste } from './files.ts';
import { press } from './keyboard.ts';

type Kept = { key: KeyPress } | { text: string } | Dropped;

export function takeEarly(): void {
  const page = globalThis as { podscopeEarly?: () => Kept[] };
  const early = page.podscopeEarly?.() ?? [];
  // Should the other script come last, there is nothing left for it to do.
  page.podscopeEarly ??= () => [];
  for (const kept of early) {
    if ('key' in kept) press(kept.key);
    else if ('text' in kept) paste(kept.text);
    else open(kept);
  }
}
