import { describe, expect, test } from 'vitest';
import { isManifest, joined } from '../../src/lib/files.ts';
import { linkOptions, shareUrl } from '../../src/lib/link.ts';
import { differenceReport } from '../../src/lib/report.ts';

describe('several files', () => {
  test('become documents in the order of their names, each under its name', () => {
    const files = [
      { name: 'b.yaml', text: '\uFEFF---\nkind: Service\n\n' },
      { name: 'a.yaml', text: 'kind: Pod' },
      { name: 'empty.yaml', text: ' \n' },
    ];
    expect(joined(files)).toBe('# a.yaml\nkind: Pod\n---\n# b.yaml\nkind: Service\n');
  });

  test('one file stays as it is', () => {
    expect(joined([{ name: 'a.yaml', text: '---\na: 1' }])).toBe('---\na: 1');
  });

  test('only manifests are taken from a folder', () => {
    expect(['a.yaml', 'b.YML', 'c.json', 'd.md', 'yaml'].filter(isManifest)).toEqual(['a.yaml', 'b.YML', 'c.json']);
  });
});

describe('a link', () => {
  test('says which face it opens with and which luck was drawn', () => {
    const url = shareUrl('https://a/#x', 's=1.abc', { t: 5e6, view: 'table', seed: 7 });
    expect(url).toBe('https://a/#s=1.abc&t=5s&view=table&seed=7');
    expect(linkOptions(url)).toEqual({ view: 'table', seed: 7 });
    expect(linkOptions('#s=1.abc&view=nonsense&seed=-1')).toEqual({});
  });
});

describe('a report', () => {
  const report = {
    version: '1',
    kubernetes: '1.36',
    seed: 3,
    link: '',
    entry: 'Killing',
    at: '5 s',
    text: 'a: "```"\n',
  };
  test('holds version, seed, entry and text, in a fence that the text cannot close', () => {
    const text = differenceReport(report);
    expect(text).toContain('Podscope 1, Kubernetes 1.36, seed 3, at 5 s');
    expect(text).toContain('- Selected: Killing');
    expect(text).toContain('````yaml\na: "```"\n````');
  });
});
