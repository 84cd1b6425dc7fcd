// A browser, a server, and what both tests of this folder look for: a figure that tells what is selected.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Starts the browser that $CHROME names, else the system's. */
export function launch() {
  const { chromium } = createRequire(pathToFileURL(here('../../www/package.json')))('playwright-core');
  const flags = ['--disable-gpu', '--disable-background-networking', '--no-first-run'];
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  return chromium.launch({ executablePath: process.env.CHROME || '/usr/bin/chromium', args: flags });
}

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.json': 'application/json' };

/** Serves a folder, and others below the paths that `mounts` names. */
export async function serve(root, mounts = {}) {
  const server = createServer((request, answer) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)).replaceAll('..', '');
    const mount = Object.keys(mounts).find((at) => path.startsWith(at));
    let file = mount ? join(mounts[mount], path.slice(mount.length)) : join(root, path);
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (!existsSync(file)) return answer.writeHead(404).end();
    answer.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** A page that remembers what is selected in it, and what goes wrong on it. */
export async function visit(context, url) {
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) errors.push(message.text());
  });
  await page.addInitScript(() => {
    globalThis.selected = [];
    document.addEventListener('ps-select', (event) => globalThis.selected.push(event.detail));
  });
  await page.goto(url);
  return { page, errors };
}

/** Sees a figure of this Pod, walks two entries on by keyboard, and hears of it. */
export async function seeFigure(page, pod) {
  await page.waitForSelector('pod-scope[data-live]', { timeout: 60_000 });
  const names = await page.locator('pod-scope .tl-label').allTextContents();
  assert.ok(names.includes(`Pod ${pod}`), names.join());
  const box = await page.locator('pod-scope .tl-plot canvas').boundingBox();
  assert.ok(box.width > 200 && box.height > 60);
  await page.locator('pod-scope').getByRole('slider').focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await page.waitForFunction(() => globalThis.selected.some((detail) => detail?.title));
}
