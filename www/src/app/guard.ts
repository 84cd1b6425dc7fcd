// The page's own errors and the core's traps are said, with what is needed to report them. The text stays.

import type { Crash } from '../core/session.ts';
import { shareUrl } from '../lib/link.ts';
import { words } from '../words/words.ts';
import { model } from './context.ts';
import { notify } from './notice.ts';

function report(what: string, seed: number, text: string): string {
  const fragment = model.ask((core) => core.encode_link(text), '');
  const link = fragment ? `\n\nLink: ${shareUrl(location.href, fragment)}` : '';
  return `Podscope ${model.info.version} stopped: ${what}\nSeed: ${seed}${link}\n\n${text}`;
}

export function onCrash(crash: Crash): void {
  notify({
    text: crash.dead ? words.crash.dead(crash.message, crash.seed) : words.crash.core(crash.message, crash.seed),
    error: true,
    action: {
      title: words.crash.copy,
      run: () =>
        void navigator.clipboard?.writeText(report(crash.message, crash.seed, crash.text)).catch(() => undefined),
    },
  });
}

export function startGuard(): void {
  const say = (what: unknown) => {
    const message = what instanceof Error ? what.message : String(what);
    notify({
      text: words.crash.page(message),
      error: true,
      action: { title: words.crash.reload, run: () => location.reload() },
    });
  };
  addEventListener('error', (event) => say(event.error ?? event.message));
  addEventListener('unhandledrejection', (event) => say(event.reason));
}
