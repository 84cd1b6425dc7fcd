// Registers the service worker of a site that was built to work offline, and says when a newer version has come.

import { words } from '../words/words.ts';
import { notify } from './notice.ts';

/** A tab that stays open asks for a newer version when it is looked at again, but not more often than this. */
const EVERY = 30 * 60_000;

export function startOffline(): void {
  const script = document.querySelector<HTMLMetaElement>('meta[name="podscope-worker"]')?.content;
  if (!script || !('serviceWorker' in navigator)) return;
  // Refused on plain http and in sandboxed frames; the page works without it.
  navigator.serviceWorker.register(script).then(follow, () => undefined);
}

function follow(site: ServiceWorkerRegistration): void {
  const look = (): void => {
    const fresh = site.installing ?? site.waiting;
    if (!fresh) return;
    const ready = () => {
      if (fresh.state === 'installed' && navigator.serviceWorker.controller) void offer(fresh);
    };
    fresh.addEventListener('statechange', ready);
    ready();
  };
  site.addEventListener('updatefound', look);
  look();
  let asked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - asked < EVERY) return;
    asked = Date.now();
    site.update().catch(() => undefined);
  });
}

/** A page of the new version lets its worker take over; one of an older version asks its reader. */
async function offer(fresh: ServiceWorker): Promise<void> {
  const takeOver = () => fresh.postMessage({ podscope: 'take-over' });
  if (await holds(fresh, own())) {
    takeOver();
    return;
  }
  notify({
    text: words.page.newer,
    action: {
      title: words.page.loadNewer,
      run: () => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        takeOver();
      },
    },
  });
}

/** The script that this page began with: its name holds its version. */
function own(): string {
  return document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src ?? '';
}

function holds(fresh: ServiceWorker, script: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data === true);
    fresh.postMessage({ podscope: 'holds', script }, [port2]);
  });
}
