import { readdirSync, readFileSync } from 'node:fs';
import { expect, describe as group, test } from 'vitest';
import { describe } from '../../build/gallery.ts';
import { search } from '../../src/lib/search.ts';
import { tryIn } from '../../src/lib/try.ts';
import { told } from '../../src/words/zh-gallery.ts';

const folder = new URL('../../gallery/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const text = (name: string) => readFileSync(new URL(name, folder), 'utf8');

group('the gallery', () => {
  test.each(files)('%s has a title, prose, symptoms and something to try', (name) => {
    const about = describe(text(name));
    expect(about.title).toMatch(/\S/);
    expect(about.summary.length).toBeLessThan(420);
    expect(about.symptoms.split(',').length).toBeGreaterThan(2);
    const proposal = tryIn(text(name));
    expect(proposal?.made, 'try-from must stand in the text just once').toBe(false);
    if (!proposal) return;
    const changed = text(name).slice(0, proposal.from) + proposal.text + text(name).slice(proposal.to);
    const back = tryIn(changed);
    // Where the new value stands elsewhere too, only the editor's own undo takes it back.
    if (back) expect(back.made).toBe(true);
    if (back) expect(changed.slice(0, back.from) + back.text + changed.slice(back.to)).toBe(text(name));
  });

  test('every scenario is told in Chinese too', () => {
    expect(Object.keys(told)).toEqual(files.map((name) => name.replace('.yaml', '')));
    for (const [slug, { title, text, try: says }] of Object.entries(told)) {
      for (const words of [text, says]) expect(words, slug).toMatch(/[\u4e00-\u9fff].*。$|？$/);
      expect(title, slug).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  test('symptoms find their scenarios', () => {
    const rows = files.map((name) => ({ slug: name, ...describe(text(name)) }));
    const first = (query: string) => search(rows, query).map((row) => row.slug.slice(0, 2));
    expect(first('137')).toEqual(expect.arrayContaining(['21', '22', '23', '06']));
    expect(first('CrashLoopBackOff')).toEqual(expect.arrayContaining(['03', '12', '13', '14']));
    expect(first('stuck Terminating')).toEqual(expect.arrayContaining(['20', '31']));
    expect(first('ImagePullBackOff')[0]).toBe('29');
    expect(first('Init:Error')).toEqual(['28']);
    expect(first('OOMKilled')[0]).toBe('23');
  });
});

group('something to try', () => {
  test('is found only when its place is clear', () => {
    const head =
      'a: 1\n---\nkind: Scenario\nmetadata:\n  annotations:\n    try: Change it.\n    try-from: "a: 1"\n    try-to: "a: 2"\n';
    expect(tryIn(head)).toEqual({ says: 'Change it.', from: 0, to: 4, text: 'a: 2', made: false });
    expect(tryIn(head.replace('a: 1\n', 'a: 2\n'))?.made).toBe(true);
    expect(tryIn(head.replace('a: 1\n', 'a: 10\n'))).toBeNull();
    expect(tryIn(`a: 1\n${head}`)).toBeNull();
    expect(tryIn('a: 1\n')).toBeNull();
    expect(tryIn(head.replace('"a: 2"', 'a: 2'))).toBeNull();
  });
});
