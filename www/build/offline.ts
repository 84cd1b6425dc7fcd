// Makes the service worker of a site that is to work offline after the first visit. It is asked for with
// PODSCOPE_OFFLINE=1, because on a development server a cache is a nuisance.

import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/**
 * The worker: pages from the network first, hashed files from the cache first, nothing else touched. A new one waits
 * until no page of the old one is open, so that a page never loses the parts that it loads later.
 */
function worker(version: string, files: string[]): string {
  return `const CACHE = ${JSON.stringify(`podscope-${version}`)};
const FILES = ${JSON.stringify(files)};
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});
self.addEventListener('activate', (event) => {
  const old = (name) => name.startsWith('podscope-') && name !== CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  const stored = () => caches.match(request, { ignoreSearch: request.mode === 'navigate' });
  const fetched = () => fetch(request).then((answer) => {
    if (answer.ok) {
      const copy = answer.clone();
      event.waitUntil(caches.open(CACHE).then((cache) => cache.put(request, copy)));
    }
    return answer;
  });
  if (request.mode === 'navigate') event.respondWith(fetched().catch(() => stored().then((hit) => hit || caches.match('./'))));
  else if (request.url.includes('/assets/')) event.respondWith(stored().then((hit) => hit || fetched()));
});
`;
}

/** Vite plugin: writes \`sw.js\` beside the page. */
export function offline(wanted: boolean): Plugin {
  return {
    name: 'podscope-offline',
    enforce: 'post',
    generateBundle(_options, bundle) {
      if (!wanted) return;
      const files = [
        './',
        './icon.svg',
        ...Object.keys(bundle)
          .filter((name) => name.startsWith('assets/'))
          .map((name) => `./${name}`),
      ];
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: worker(version, files) });
    },
  };
}
