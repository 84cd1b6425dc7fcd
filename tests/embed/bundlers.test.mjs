// Pages made with the package by Vite, webpack, esbuild and by nobody, opened in a real browser: `node --test`, with
// PODSCOPE_PACKAGE naming the package's folder. By hand, after `cargo pack` and `npm ci` in this folder.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { launch, seeFigure, serve, visit } from './browser.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.env.PODSCOPE_PACKAGE ?? here('../../pkg');

const pod = `apiVersion: v1
kind: Pod
metadata: {name: bundled}
spec:
  containers:
  - {name: app, image: nginx}
`;

const entry = `import 'podscope/define';
import { connectFrame, upgradeFences } from 'podscope';
import { simulate } from 'podscope/core';
globalThis.offered = [typeof connectFrame, typeof upgradeFences].join();
globalThis.simulated = simulate(${JSON.stringify(pod)}, { until: 20000 });
`;

const html = (script) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:">
<title>A page</title><script type="module" src="${script}"></script></head><body><pod-scope><pre>${pod}</pre></pod-scope></body></html>`;

let work;
let browser;
before(async () => {
  assert.ok(existsSync(join(folder, 'package.json')), 'the package has to be made first: cargo pack');
  work = mkdtempSync(join(tmpdir(), 'podscope-bundled-'));
  mkdirSync(join(work, 'node_modules'));
  symlinkSync(folder, join(work, 'node_modules/podscope'));
  writeFileSync(join(work, 'package.json'), '{"type":"module","private":true}');
  writeFileSync(join(work, 'main.js'), entry);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(work, { recursive: true, force: true });
});

function find(name) {
  for (const at of ['../../www/', './']) {
    try {
      return createRequire(pathToFileURL(here(`${at}package.json`))).resolve(name);
    } catch {}
  }
  return null;
}

/** Opens what lies in a folder: the figure, its selection, and the headless core. */
async function works(root, mounts) {
  const { url, close } = await serve(root, mounts);
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  try {
    const { page, errors } = await visit(context, url);
    await seeFigure(page, 'bundled');
    assert.equal(await page.evaluate(() => globalThis.simulated.then((result) => result.watch.at(-1).status)), 'Running');
    assert.equal(await page.evaluate(() => globalThis.offered), 'function,function');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.waitForSelector('pod-scope .cm-content', { timeout: 30_000 });
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
    close();
  }
}

test('a page of Vite', async (t) => {
  const vite = find('vite');
  if (!vite) return t.skip('Vite is not installed');
  writeFileSync(join(work, 'index.html'), html('./main.js'));
  const { build, version } = await import(pathToFileURL(vite));
  await build({ root: work, base: './', logLevel: 'silent', configFile: false, build: { outDir: 'out-vite', modulePreload: false } });
  t.diagnostic(`Vite ${version}`);
  await works(join(work, 'out-vite'));
});

test('a page of webpack', async (t) => {
  const webpack = find('webpack');
  if (!webpack) return t.skip('webpack is not installed: npm ci in tests/embed');
  const compile = createRequire(webpack)(webpack);
  const out = join(work, 'out-webpack');
  const stats = await promisify(compile)({
    mode: 'production',
    context: work,
    entry: './main.js',
    output: { path: out, filename: '[name].js', publicPath: 'auto', module: true },
    experiments: { outputModule: true },
    performance: false,
  });
  assert.ok(!stats.hasErrors() && !stats.hasWarnings(), stats.toString('errors-warnings'));
  t.diagnostic(`webpack ${compile.version}`);
  writeFileSync(join(out, 'index.html'), html('./main.js'));
  await works(out);
});

test('a page of esbuild, the core beside', async (t) => {
  const esbuild = find('esbuild');
  if (!esbuild) return t.skip('esbuild is not installed: npm ci in tests/embed');
  const { build, version } = createRequire(esbuild)(esbuild);
  const out = join(work, 'out-esbuild');
  await build({ entryPoints: [join(work, 'main.js')], bundle: true, format: 'esm', splitting: true, outdir: out, logLevel: 'silent' });
  // esbuild leaves `new URL(…, import.meta.url)` as it is; the module has to be put beside its output.
  cpSync(join(folder, 'podscope_bg.wasm'), join(out, 'podscope_bg.wasm'));
  t.diagnostic(`esbuild ${version}`);
  writeFileSync(join(out, 'index.html'), html('./main.js'));
  await works(out);
});

test('a page with a plain module script', async () => {
  const out = join(work, 'out-plain');
  mkdirSync(out);
  const plain = entry.replaceAll(/'podscope(\/\w+)?'/g, (_, path) => `'/podscope/${path?.slice(1) ?? 'index'}.js'`);
  writeFileSync(join(out, 'main.js'), plain);
  writeFileSync(join(out, 'index.html'), html('./main.js'));
  await works(out, { '/podscope/': folder });
});
