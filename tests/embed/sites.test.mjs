// Builds the example sites whose tool is here and opens each in a real browser: a figure, and an event of selection.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch, seeFigure, serve, visit } from './browser.mjs';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here('../../www/dist');

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

let work;
let browser;
before(async () => {
  assert.ok(existsSync(join(dist, 'fences.js')), 'www/dist has to be built first: cargo serve or cargo pack');
  work = mkdtempSync(join(tmpdir(), 'podscope-sites-'));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(work, { recursive: true, force: true });
});

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
    const { url, close } = await serve(root, { '/podscope/': dist });
    const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
    try {
      if (name === 'mdbook') {
        const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
        await plain.goto(url);
        assert.ok(await plain.locator('pod-scope svg title').count(), 'the book has its figure without JavaScript');
        assert.ok(await plain.locator('pod-scope svg text', { hasText: 'documented' }).first().isVisible());
      }
      const { page, errors } = await visit(context, url);
      await seeFigure(page, 'documented');
      const texts = await page.locator('pre:visible').count();
      assert.equal(texts, 0, 'the block itself is still shown');
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
      assert.deepEqual(errors, []);
    } finally {
      await context.close();
      close();
    }
  });
}
