// What the element promises stands in four places: the code, the types, the list for tools, and the page for authors.
// They have to say the same.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

interface Named {
  name: string;
  kind?: string;
  type?: { text: string };
  description?: string;
}
interface Listed {
  attributes: Named[];
  members: Named[];
  events: Named[];
  slots: Named[];
  cssParts: Named[];
  cssProperties: Named[];
}

const list = JSON.parse(read('pkg-config/npm/custom-elements.json')).modules[0].declarations[0] as Listed;
const docs = read('www/docs/embedding.md');
const api = read('www/src/element/api.ts');
const folder = ['pod-scope.ts', 'shell.ts', 'figure.ts'].map((name) => read(`www/src/element/${name}`));
const code = folder.join('\n');
const css = read('www/src/element/element.css');

const names = (of: readonly Named[]) => of.map(({ name }) => name).sort();
const all = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map((m) => m[1] ?? ''))].sort();

/** The part of the page for authors that tells of the element. */
const part = docs.slice(docs.indexOf('## The element'), docs.indexOf('## Fenced blocks'));
/** The rows of one of its tables, as the words in backticks of their first cells. */
function table(head: string): string[] {
  const rows = part.slice(part.indexOf(head)).split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return rows.flatMap((row) => all(row.split('|')[1] ?? '', /`([\w-]+)[(`]/g)).sort();
}
/** The words in backticks of the line that begins so. */
function line(begin: string): string[] {
  const found = part.split('\n').find((text) => text.startsWith(begin)) ?? '';
  return all(found, /`([\w-]+)`/g);
}

test('attributes', () => {
  const observed = /observedAttributes = \[([^\]]*)\]/.exec(code)?.[1] ?? '';
  const used = all(`${code.replace(observed, '')}`, /(?:get|has)Attribute\('([\w-]+)'\)/g);
  const known = [...new Set([...all(observed, /'([\w-]+)'/g), ...used])].filter(
    (name) => !['lang', 'slot', 'data-live'].includes(name),
  );
  expect(names(list.attributes)).toEqual(known.sort());
  expect(table('| attribute |')).toEqual(names(list.attributes));
  // What a frame takes as parameters, and a fence after its language, are attributes too.
  const frame = /ATTRIBUTES[^{]*{([^}]*)}/s.exec(read('www/src/element/frame-page.ts'))?.[1] ?? '';
  expect(names(list.attributes)).toEqual(expect.arrayContaining(all(frame, /: '(\w+)'/g)));
  const fence = /ALLOWED = new Set\(\[([^\]]*)\]/s.exec(read('www/src/element/remark.ts'))?.[1] ?? '';
  expect(names(list.attributes)).toEqual(expect.arrayContaining(all(fence, /'(\w+)'/g)));
});

test('properties and methods', () => {
  const body = /interface PodScopeElement[^{]*{(.*?)\n {2}addEventListener/s.exec(api)?.[1] ?? '';
  const promised = all(body, /^ {2}(?:readonly )?(\w+)[(:]/gm);
  expect(names(list.members)).toEqual(promised);
  expect(table('| property or method |')).toEqual(promised);
  const members = all(folder[0] ?? '', /^ {2}(?:readonly |async |get |set )*(\w+)(?:\(| = )/gm);
  expect(members).toEqual(expect.arrayContaining(promised));
  for (const member of list.members.filter(({ kind }) => kind === 'field')) {
    const type = member.type?.text ?? '';
    expect(body).toContain(`${member.name}: ${type};`);
  }
});

test('events', () => {
  const promised = all(api, /^ {2}'(ps-\w+)': CustomEvent/gm);
  expect(names(list.events)).toEqual(promised);
  expect(table('| event |')).toEqual(promised);
  expect(all(code, /fire\('(ps-\w+)'/g)).toEqual(promised);
  for (const event of list.events) expect(api).toContain(`'${event.name}': ${event.type?.text};`);
});

test('slots', () => {
  const slots = all(code, /el\('slot', { name: '(\w+)' }/g);
  expect(names(list.slots).filter(Boolean)).toEqual(slots);
  expect(line('Slots:')).toEqual(slots);
});

test('parts', () => {
  const parts = all(code, /part: '([\w-]+)'/g);
  expect(names(list.cssParts)).toEqual(parts);
  expect(line('Parts:')).toEqual(parts);
});

test('custom properties', () => {
  // The height that an attribute sets is a property like the others.
  const used = all(css, /var\((--podscope-[\w-]+)/g);
  expect(names(list.cssProperties)).toEqual(used);
  expect(line('Custom properties:')).toEqual(used);
});

test('messages of the frame', () => {
  const said = (kind: string) =>
    all(api.slice(api.indexOf(`type ${kind} =`)).split(';\n\n')[0] ?? '', /type: '(\w+)'/g);
  const rows = docs.slice(docs.indexOf('| to the frame |')).split('\n\n')[0]?.split('\n').slice(2) ?? [];
  const column = (at: number) => rows.flatMap((row) => all(row.split('|')[at] ?? '', /`(\w+)`/g)).sort();
  expect(column(1)).toEqual(said('FrameCommand'));
  expect(column(3)).toEqual(said('FrameReport'));
});

test('the package exports what its page says', () => {
  const { exports } = JSON.parse(read('pkg-config/npm/package.json')) as { exports: Record<string, unknown> };
  const paths = Object.keys(exports).map((path) => path.replace(/^\./, 'podscope'));
  const used = all(docs.slice(docs.indexOf('## The package')), /'(podscope(?:\/[\w.]+)?)'/g);
  expect(paths).toEqual(expect.arrayContaining(used));
  for (const path of ['podscope', 'podscope/define', 'podscope/core', 'podscope/remark', 'podscope/element.css'])
    expect(used).toContain(path);
  const declared = all(read('pkg-config/npm/index.d.ts'), /export declare (?:const|function) (\w+)/g);
  const real = all(read('www/src/element/index.ts'), /(\w+)(?=[ ,]*}|, \w+ })/g).filter((name) => name !== 'type');
  expect(declared).toEqual(real);
});
