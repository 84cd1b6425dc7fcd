// Builds the example sites whose tool is here and opens each in a real browser: a figure, and an event of selection.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here('../../www/dist');
const { chromium } = createRequire(pathToFileURL(here('../../www/package.json')))('playwright-core');

const onPath = (name) => (process.env.PATH ?? '').split(delimiter).map((at) => join(at, name)).find((at) => existsSync(at));

/** How each site is built: the program, and what it is told. A program of npm is looked for in the site's folder. */
const sites = {
  html: null,
  mdbook: { program: () => onPath('podscope') && onPath('mdbook'), args: (from, to) => ['build', from, '-d', to] },
  mkdocs: { program: () => onPath('mkdocs'), args: (from, to) => ['build', '-q', '-f', join(from, 'mkdocs.yml'), '-d', to] },
  hugo: { program: () => onPath('hugo'), args: (from, to) => ['--source', from, '--destination', to, '--quiet'] },
  sphinx: { program: () => onPath('sphinx-build'), args: (from, to) => ['-q', '-W', from, to] },
  vitepress: { program: () => npm('vitepress', 'vitepress'), args: (from, to) => ['build', from, '--outDir', to] },
  docusaurus: { program: () => npm('docusaurus', 'docusaurus'), args: (from, to) => ['build', from, '--out-dir', to] },
};

function npm(site, name) {
  const at = here(`./${site}/node_modules/.bin/${name}`);
  return existsSync(at) ? at : undefined;
}

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.json': 'application/json' };

let work;
let browser;
before(async () => {
  assert.ok(existsSync(join(dist, 'fences.js')), 'www/dist has to be built first: cargo serve or cargo pack');
  work = mkdtempSync(join(tmpdir(), 'podscope-sites-'));
  const flags = ['--disable-gpu', '--disable-background-networking', '--no-first-run'];
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  browser = await chromium.launch({ executablePath: process.env.CHROME ?? '/usr/bin/chromium', args: flags });
});
after(async () => {
  await browser?.close();
  rmSync(work, { recursive: true, force: true });
});

/** Serves a site, and Podscope's files under /podscope/. */
async function serve(root) {
  const server = createServer((request, answer) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)).replaceAll('..', '');
    let file = path.startsWith('/podscope/') ? join(dist, path.slice('/podscope'.length)) : join(root, path);
    if (existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (!existsSync(file)) return answer.writeHead(404).end();
    answer.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

for (const [name, site] of Object.entries(sites)) {
  test(`a figure in ${name}`, async (t) => {
    const from = here(`./${name}`);
    let root = from;
    if (site) {
      const program = site.program();
      if (!program) return t.skip(`${name} is not installed`);
      const copy = join(work, `${name}-source`);
      cpSync(from, copy, { recursive: true, verbatimSymlinks: true });
      root = join(work, name);
      await run(program, site.args(copy, root), { cwd: copy, timeout: 300_000 });
    }
    const { url, close } = await serve(root);
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
    try {
      if (name === 'mdbook') {
        const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
        await plain.goto(url);
        assert.ok(await plain.locator('pod-scope svg title').count(), 'the book has its figure without JavaScript');
        assert.ok(await plain.locator('pod-scope svg text', { hasText: 'documented' }).first().isVisible());
      }
      const page = await context.newPage();
      const errors = [];
      page.on('pageerror', (error) => errors.push(error.message));
      await page.addInitScript(() => {
        globalThis.selected = [];
        document.addEventListener('ps-select', (event) => globalThis.selected.push(event.detail));
      });
      await page.goto(url);
      await page.waitForSelector('pod-scope[data-live]', { timeout: 30_000 });
      const names = await page.locator('pod-scope .tl-label').allTextContents();
      assert.ok(names.includes('Pod documented'), names.join());
      const texts = await page.locator('pre:visible').count();
      assert.equal(texts, 0, 'the block itself is still shown');
      const box = await page.locator('pod-scope .tl-plot canvas').boundingBox();
      assert.ok(box.width > 200 && box.height > 60);
      await page.locator('pod-scope').getByRole('slider').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction(() => globalThis.selected.some((detail) => detail?.title));
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
      assert.deepEqual(errors, []);
    } finally {
      await context.close();
      close();
    }
  });
}
