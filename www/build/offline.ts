// Gives a built site the service worker with which it works offline after the first visit. It is asked for with
// PODSCOPE_OFFLINE=1, because on a development server a cache is a nuisance.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** What is never fetched by a page, or only in one of its languages of address. */
const LEFT_OUT = /(^|\/)(sw\.js|index\.html)$/;

/**
 * The worker: pages and scripts whose names stay from the network first, files with a hash in their name from the cache
 * first, nothing else touched. A new one waits until a page says that it may take over; the files of the version before
 * stay for pages that are still open, so that none of them loses the parts that it loads later.
 */
function worker(version: string, files: string[]): string {
  return `const CACHE = ${JSON.stringify(`podscope-${version}`)};
const FILES = ${JSON.stringify(files)};
const KNOWN = new Set(FILES.map((file) => new URL(file, location.href).href));
const HOME = new URL('./', location.href).href;
// Some hosts call \`embed.html\` \`embed\`, and send on who asks for the other.
const bare = (url) => {
  const plain = url.replace(/[?#].*$/, '').replace(/\\/index(\\.html)?$/, '/');
  return KNOWN.has(plain + '.html') ? plain + '.html' : plain;
};
// An answer that came by another address may not be given to a page that asks for this one.
const direct = (answer) => (answer.redirected ? new Response(answer.body, answer) : answer);
self.addEventListener('install', (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: file.includes('assets/') ? 'default' : 'no-cache' }));
  const keep = async (cache, request) => {
    const answer = await fetch(request);
    if (!answer.ok) throw new TypeError(request.url);
    await cache.put(request.url, direct(answer));
  };
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all(fresh.map((request) => keep(cache, request)))));
});
self.addEventListener('activate', (event) => {
  const forget = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('podscope-') && name !== CACHE);
    for (const name of old.slice(0, -1)) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(forget());
});
self.addEventListener('message', (event) => {
  const { podscope, script } = event.data || {};
  if (podscope === 'holds') event.ports[0].postMessage(KNOWN.has(bare(script)));
  if (podscope === 'take-over') self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = bare(request.url);
  if (request.method !== 'GET' || !url.startsWith(HOME)) return;
  const stored = async () => (await (await caches.open(CACHE)).match(url)) || caches.match(url);
  const fetched = async () => {
    const answer = await fetch(request);
    if (answer.ok && KNOWN.has(url)) {
      const copy = direct(answer.clone());
      event.waitUntil(caches.open(CACHE).then((cache) => cache.put(url, copy)));
    }
    return answer;
  };
  const away = async (error) => {
    const hit = await stored();
    if (hit) return hit;
    throw error;
  };
  if (url.includes('/assets/')) event.respondWith(stored().then((hit) => hit || fetched()));
  else if (KNOWN.has(url)) event.respondWith(fetched().catch(away));
});
`;
}

/** Writes `sw.js` into a built site, and the line into its page that asks for it. Returns the version. */
export function addWorker(folder: string): string {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((name) => !LEFT_OUT.test(name))
    .sort();
  const page = join(folder, 'index.html');
  const html = readFileSync(page, 'utf8');
  const line = '<meta name="podscope-worker" content="./sw.js" />';
  if (!html.includes(line)) writeFileSync(page, html.replace(/(<meta charset=[^>]*>)/, `$1\n    ${line}`));
  const digest = createHash('sha256').update(readFileSync(page));
  // A name with a hash in it says what is inside.
  for (const name of names)
    digest.update(name).update(name.startsWith('assets/') ? '' : readFileSync(join(folder, name)));
  const version = digest.digest('hex').slice(0, 12);
  writeFileSync(join(folder, 'sw.js'), worker(version, ['./', ...names.map((name) => `./${name}`)]));
  return version;
}

/** Vite plugin for the last build of a site. */
export function offline(wanted: boolean): Plugin {
  let folder = '';
  return {
    name: 'podscope-offline',
    enforce: 'post',
    writeBundle(options) {
      folder = options.dir ?? '';
    },
    closeBundle() {
      if (wanted && folder) addWorker(folder);
    },
  };
}
