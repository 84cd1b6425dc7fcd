// Registers the service worker of a site that was built to work offline.

declare const __OFFLINE__: boolean;

export function startOffline(): void {
  if (!__OFFLINE__ || !('serviceWorker' in navigator)) return;
  // Refused on plain http and in sandboxed frames; the page works without it.
  navigator.serviceWorker.register('./sw.js').catch(() => undefined);
}
