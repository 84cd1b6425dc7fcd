// What `cargo pack` made, looked at from outside: `node --test`, with PODSCOPE_PACKAGE naming the package's folder. Cheap
// enough for `cargo verify`; pages that bundlers make with it are opened in a browser by `bundlers.test.mjs`, by hand.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** The most that the package holds beside the core, in bytes as they are. Three quarters of it is the editor. */
const BESIDE = 750_000;

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


test('every file that is exported is there, with its types first', () => {
  for (const [name, target] of Object.entries(manifest.exports)) {
    const paths = typeof target === 'string' ? [target] : Object.values(target);
    for (const path of paths) assert.ok(existsSync(join(folder, path)), `${name}: ${path}`);
    if (typeof target === 'object') assert.equal(Object.keys(target)[0], 'types', name);
  }
});

test('npm pack sends what is wanted and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder });
  const [{ files, size }] = JSON.parse(stdout);
  const names = files.map((file) => file.path).sort();
  for (const name of ['LICENSE', 'README.md', 'api.d.ts', 'custom-elements.json', 'podscope_bg.wasm'])
    assert.ok(names.includes(name), name);
  const beside = files.reduce((sum, file) => sum + (file.path.endsWith('.wasm') ? 0 : file.size), 0);
  console.log(`the package: ${names.length} files, ${size} bytes packed, ${beside} bytes beside the core`);
  assert.ok(beside <= BESIDE, `${beside} bytes`);
  for (const name of names)
    assert.match(name, /^(LICENSE|README\.md|(package|custom-elements)\.json|element\.css|podscope_bg\.wasm|[\w.-]+\.(js|d\.ts))$/);
});

test('no link of its page leads to a file that the package has not', () => {
  const text = readFileSync(join(folder, 'README.md'), 'utf8').replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`/g, '');
  const targets = [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, target]) => target);
  assert.ok(targets.length > 0);
  for (const target of targets) assert.match(target, /^(#|https?:)/);
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

test('a text with commands of kubectl is simulated in Node', async () => {
  const steps = `---\napiVersion: podscope/v1\nkind: Scenario\nmetadata: {name: web}\nspec:\n  steps:\n  - {at: 20s, run: kubectl describe pod web}\n`;
  const script = `
    import { simulate } from 'podscope/core';
    const { console: commands } = await simulate(${JSON.stringify(pod + steps)}, { until: 30_000 });
    console.log(commands[0].output);`;
  const { stdout } = await run('node', ['--input-type=module', '-e', script], { cwd: work });
  assert.match(stdout, /^Name: +web$/m);
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

/** What a program in TypeScript would write, under its strictest rules. */
const program = `import 'podscope/define';
import { connectFrame, definePodScope, PodScope, setPlayground, upgradeFences, watchFences } from 'podscope';
import type { FrameReport, PodScopeResult } from 'podscope';
import { check, simulate } from 'podscope/core';
import remark from 'podscope/remark';

const result: PodScopeResult = await simulate('', { seed: 1, until: 1000 });
const line: number | undefined = (await check(''))[0]?.line;
const figure = document.createElement('pod-scope');
figure.source = 'x';
figure.addEventListener('ps-select', (event) => event.detail?.title.toUpperCase());
figure.view = 'table';
await figure.ready;
const until: number | undefined = figure.result?.until_ms;
const end = connectFrame(document.createElement('iframe'), (report: FrameReport) => report.type === 'height' && report.height);
end.send({ type: 'seek', time: 3 });
// @ts-expect-error There is no such view.
figure.view = 'pie';
definePodScope();
setPlayground('/');
watchFences()();
console.log(result.watch[0]?.status, line, until, PodScope.observedAttributes, upgradeFences(), remark());
`;

test('its types are read by TypeScript', async () => {
  writeFileSync(join(work, 'program.ts'), program);
  const compiler = here('../../www/node_modules/.bin/tsc');
  for (const [module, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    const flags = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--types', '', '--module', module, '--moduleResolution', resolution];
    const { stdout } = await run(compiler, [...flags, 'program.ts'], { cwd: work }).catch((error) => error);
    assert.equal(stdout, '', resolution);
  }
});

test('no part of it says what a bundler cannot follow', () => {
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.js') && name !== 'podscope.js')) {
    const text = readFileSync(join(folder, name), 'utf8');
    // `import(` with anything but the name of a file, and what only Vite knows.
    assert.doesNotMatch(text, /\bimport\((?!["'`][\w./:-]+["'`]\))/, name);
    assert.doesNotMatch(text, /import\.meta\.(env|glob)|vite:preloadError/, name);
  }
});
