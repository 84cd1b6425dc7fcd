import { expect, test } from 'vitest';
import { elementCode, fencedCode, frameCode, isShareFragment, markdownLink, shareUrl } from '../../src/lib/link.ts';

test('a share fragment begins with its scheme', () => {
  expect(isShareFragment('#s=1.abc')).toBe(true);
  expect(isShareFragment('s=1.abc&t=4s')).toBe(true);
  expect(isShareFragment('#section')).toBe(false);
  expect(isShareFragment('')).toBe(false);
});

test('an address replaces the old fragment and adds what is asked', () => {
  expect(shareUrl('https://x.test/p/?a=1#old', '#s=1.abc')).toBe('https://x.test/p/?a=1#s=1.abc');
  expect(shareUrl('https://x.test/', 's=1.abc', { t: 41_200_000, sel: 7 })).toBe(
    'https://x.test/#s=1.abc&t=41.2s&sel=7',
  );
  expect(shareUrl('https://x.test/', 's=1.abc', { t: 0, sel: null })).toBe('https://x.test/#s=1.abc&t=0s');
});

test('a title cannot break out of a Markdown link', () => {
  expect(markdownLink('a [b] \\c', 'u')).toBe('[a \\[b\\] \\\\c](u)');
});

test('the fence is longer than any in the text', () => {
  expect(fencedCode('a: 1')).toBe('```podscope\na: 1\n```\n');
  expect(fencedCode('x\n````\n')).toBe('`````podscope\nx\n````\n`````\n');
});

test('code for pages leads to the site and cannot be broken out of', () => {
  const page = 'https://x.test/sub/index.html?lang=zh#s=1.old';
  expect(elementCode(page, '#s=1.abc', { t: 41.2e6, sel: 3 })).toBe(
    '<script type="module" src="https://x.test/sub/pod-scope.js"></script>\n<pod-scope scenario="1.abc" at="41.2s" select="3"></pod-scope>\n',
  );
  const frame = frameCode(page, '#s=1.abc', '"><script>', { view: 'table' });
  expect(frame).toContain('src="https://x.test/sub/embed.html#s=1.abc&amp;view=table"');
  expect(frame).toContain('title="&quot;>&lt;script>"');
});
