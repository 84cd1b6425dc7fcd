// What `cargo pack` made, tried as its users would: `node --test`, with PODSCOPE_PACKAGE naming the package's folder.
// Bundlers are looked for in www/node_modules and in tests/embed/node_modules; one that is not there is skipped, and
// says so.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompressSync } from 'node:zlib';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.env.PODSCOPE_PACKAGE ?? here('../../pkg');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The most that may be sent, in bytes after brotli. The editor comes later and is not counted. */
const ELEMENT = 30_000;

const pod = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: app, image: nginx}
`;

let work;
before(() => {
  work = mkdtempSync(join(tmpdir(), 'podscope-package-'));
  mkdirSync(join(work, 'node_modules'));
  symlinkSync(folder, join(work, 'node_modules/podscope'));
  writeFileSync(join(work, 'package.json'), '{"type":"module","private":true}');
});
after(() => rmSync(work, { recursive: true, force: true }));

function find(name) {
  for (const at of ['../../www/', './']) {
    try {
      return createRequire(pathToFileURL(here(`${at}package.json`))).resolve(name);
    } catch {}
  }
  return null;
}

test('every file that is exported is there, with its types first', () => {
  for (const [name, target] of Object.entries(manifest.exports)) {
    const paths = typeof target === 'string' ? [target] : Object.values(target);
    for (const path of paths) assert.ok(existsSync(join(folder, path)), `${name}: ${path}`);
    if (typeof target === 'object') assert.equal(Object.keys(target)[0], 'types', name);
  }
});

test('npm pack sends what is wanted and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder });
  const [{ files }] = JSON.parse(stdout);
  const names = files.map((file) => file.path).sort();
  for (const name of ['LICENSE', 'README.md', 'api.d.ts', 'custom-elements.json', 'podscope_bg.wasm'])
    assert.ok(names.includes(name), name);
  for (const name of names)
    assert.match(name, /^(LICENSE|README\.md|(package|custom-elements)\.json|element\.css|podscope_bg\.wasm|[\w.-]+\.(js|d\.ts))$/);
});

test('the element is small', () => {
  const seen = new Set();
  const walk = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, next] of text.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) if (next !== 'podscope.js') walk(next);
  };
  walk('define.js');
  const size = [...seen].reduce((sum, name) => sum + brotliCompressSync(readFileSync(join(folder, name))).length, 0);
  console.log(`the element: ${size} bytes of brotli in ${seen.size} files`);
  assert.ok(size <= ELEMENT, `${size} bytes`);
});

test('importing it in Node touches no global', async () => {
  const script = `
    const before = new Set(Reflect.ownKeys(globalThis));
    const all = [await import('podscope'), await import('podscope/define'), await import('podscope/core'), await import('podscope/remark')];
    const added = Reflect.ownKeys(globalThis).filter((key) => !before.has(key));
    if (added.length > 0) throw new Error(added.join());
    all[0].definePodScope();
    console.log(typeof all[0].PodScope, typeof all[2].simulate, typeof all[3].default);`;
  const { stdout } = await run('node', ['--input-type=module', '-e', script], { cwd: work });
  assert.equal(stdout.trim(), 'function function function');
});

test('a text is simulated in Node', async () => {
  const script = `
    import { check, simulate } from 'podscope/core';
    const result = await simulate(${JSON.stringify(pod)}, { until: 30_000 });
    const said = await check('kind: Pod\\nspec: {contaners: []}');
    console.log(JSON.stringify([result.kubernetes, result.until_ms, result.watch.at(-1).status, result.events.length > 2, said.length > 0]));`;
  const { stdout } = await run('node', ['--input-type=module', '-e', script], { cwd: work });
  const [kubernetes, until, status, events, said] = JSON.parse(stdout);
  assert.match(kubernetes, /^1\.\d+$/);
  assert.deepEqual([until, status, events, said], [30_000, 'Running', true, true]);
});

test('remark makes elements of fences', async () => {
  const { default: plugin } = await import(pathToFileURL(join(folder, 'remark.js')));
  const tree = { type: 'root', children: [{ type: 'code', lang: 'podscope', meta: 'view=table onclick=x', value: pod }, { type: 'code', lang: 'yaml', value: 'a: 1' }] };
  plugin()(tree);
  const [ours, other] = tree.children;
  assert.equal(ours.data.hName, 'pod-scope');
  assert.deepEqual(ours.data.hProperties, { view: 'table' });
  assert.equal(ours.data.hChildren[0].children[0].value, pod);
  assert.equal(other.data, undefined);
});

test('the list of the element is the element', () => {
  const { modules } = JSON.parse(readFileSync(join(folder, 'custom-elements.json'), 'utf8'));
  const [element] = modules[0].declarations;
  const types = readFileSync(join(folder, 'api.d.ts'), 'utf8');
  for (const { name } of element.events) assert.ok(types.includes(`'${name}'`), name);
  for (const { name } of element.members) assert.match(types, new RegExp(`\\b${name}\\b`));
  const code = readdirSync(folder).filter((name) => name.endsWith('.js')).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  for (const { name } of element.attributes) assert.match(code, new RegExp(`["'\`]${name}["'\`]`), name);
  for (const { name } of element.cssParts) assert.match(code, new RegExp(`part:\\s*["'\`]${name}["'\`]`), name);
});

const entry = `import 'podscope/define';
import { simulate } from 'podscope/core';
globalThis.simulated = simulate(${JSON.stringify(pod)});
`;

/** Whether a bundle holds the core's module under some name, and names it. */
function holdsCore(out) {
  const files = readdirSync(out, { recursive: true }).map(String);
  const wasm = files.find((name) => name.endsWith('.wasm'));
  assert.ok(wasm, `no wasm in ${files.join(', ')}`);
  const base = wasm.split(/[\\/]/).at(-1);
  const named = files.some((name) => /\.m?js$/.test(name) && readFileSync(join(out, name), 'utf8').includes(base));
  assert.ok(named, `${base} is named nowhere`);
}

test('Vite builds a page with it', async (t) => {
  const vite = find('vite');
  if (!vite) return t.skip('Vite is not installed');
  writeFileSync(join(work, 'main.js'), entry);
  writeFileSync(join(work, 'index.html'), '<script type="module" src="./main.js"></script>');
  const { build } = await import(pathToFileURL(vite));
  await build({ root: work, base: './', logLevel: 'silent', configFile: false, build: { outDir: 'out-vite' } });
  holdsCore(join(work, 'out-vite'));
});

test('webpack builds a page with it', async (t) => {
  const webpack = find('webpack');
  if (!webpack) return t.skip('webpack is not installed: npm ci in tests/embed');
  writeFileSync(join(work, 'main.js'), entry);
  const compile = createRequire(webpack)(webpack);
  const stats = await promisify(compile)({
    mode: 'production',
    context: work,
    entry: './main.js',
    output: { path: join(work, 'out-webpack'), publicPath: 'auto' },
    performance: false,
  });
  assert.ok(!stats.hasErrors(), stats.toString('errors-only'));
  holdsCore(join(work, 'out-webpack'));
});

test('esbuild builds a page with it, the core beside', async (t) => {
  const esbuild = find('esbuild');
  if (!esbuild) return t.skip('esbuild is not installed: npm ci in tests/embed');
  writeFileSync(join(work, 'main.js'), entry);
  const { build } = createRequire(esbuild)(esbuild);
  const out = join(work, 'out-esbuild');
  await build({ entryPoints: [join(work, 'main.js')], bundle: true, format: 'esm', splitting: true, outdir: out, logLevel: 'silent' });
  // esbuild leaves `new URL(…, import.meta.url)` as it is; the module has to be put beside its output.
  cpSync(join(folder, 'podscope_bg.wasm'), join(out, 'podscope_bg.wasm'));
  holdsCore(out);
});
