// A built site in a folder of its own, under a sub-path, with its service worker: as a static host would serve it.

import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addWorker } from '../../build/offline.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.yaml': 'application/yaml',
};

export interface Site {
  url: string;
  /** Console errors, uncaught errors and breaches of a policy that its pages told of, and files they asked for in vain. */
  wrongs: string[];
  /** Puts another version in the place of this one: its scripts have other names, as after any change. */
  release(word: string): string;
  /** Whether the host answers. */
  online: boolean;
  /** Whether it leaves `.html` away, as some hosts do: who asks for `embed.html` is sent on to `embed`. */
  clean: boolean;
  close(): void;
}

/** A script first in every page that tells the host what goes wrong on it, in browsers that tell their tests nothing. */
const watch = `
const tell = (text) => navigator.sendBeacon('/wrong', text);
const said = console.error;
console.error = (...all) => { tell(all.join(' ')); said(...all); };
addEventListener('error', (event) => tell(event.message ?? 'a file did not load'), true);
addEventListener('unhandledrejection', (event) => tell('unhandled: ' + event.reason));
addEventListener('securitypolicyviolation', (event) => tell('policy: ' + event.violatedDirective + ' ' + event.blockedURI));
`;

function watched(file: string): Buffer | string {
  const body = readFileSync(file);
  if (extname(file) !== '.html') return body;
  return body.toString().replace('<script', '<script src="/watch.js"></script><script');
}

/** Serves `dist/`, and `extra` beside it, below `/docs/podscope/`. Files are read anew at each request. */
export async function site(extra: Record<string, string> = {}): Promise<Site> {
  const root = mkdtempSync(join(tmpdir(), 'podscope-site-'));
  const below = join(root, 'docs/podscope');
  cpSync(dist, below, { recursive: true });
  rmSync(join(below, 'sw.js'), { force: true });
  for (const [name, text] of Object.entries(extra)) writeFileSync(join(root, name), text);
  addWorker(below);
  writeFileSync(join(root, 'watch.js'), watch);
  const server = createServer(async (request, answer) => {
    if (!made.online) return void request.socket.destroy();
    const { pathname, search } = new URL(request.url ?? '/', 'http://x');
    if (pathname === '/wrong') {
      made.wrongs.push((await request.toArray()).join(''));
      return void answer.writeHead(204).end();
    }
    const short = pathname.replace(/\/index(\.html)?$/, '/').replace(/\.html$/, '');
    if (made.clean && short !== pathname) return void answer.writeHead(308, { location: short + search }).end();
    const asked = join(root, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const file = made.clean && existsSync(`${asked}.html`) ? `${asked}.html` : asked;
    if (!file.startsWith(root) || !existsSync(file)) {
      made.wrongs.push(`not found: ${pathname}`);
      return void answer.writeHead(404).end();
    }
    const headers = { 'content-type': types[extname(file)] ?? 'text/plain', 'cache-control': 'no-cache' };
    answer.writeHead(200, headers).end(watched(file));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const made: Site = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/docs/podscope/`,
    wrongs: [],
    online: true,
    clean: false,
    release(word) {
      const assets = join(below, 'assets');
      const names = readdirSync(assets).filter((name) => name.endsWith('.js'));
      const renamed = (name: string) => name.replace(/(\.v-\w+)?\.js$/, `.v-${word}.js`);
      for (const name of names) renameSync(join(assets, name), join(assets, renamed(name)));
      const known = new Set(names);
      const scripts = readdirSync(below, { recursive: true }).map(String);
      for (const file of scripts.filter((name) => /\.(js|html)$/.test(name) && name !== 'sw.js')) {
        const text = readFileSync(join(below, file), 'utf8');
        const named = text.replace(/[\w.-]+\.js\b/g, (name) => (known.has(name) ? renamed(name) : name));
        if (named !== text) writeFileSync(join(below, file), named);
      }
      return addWorker(below);
    },
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return made;
}
