import { describe, expect, test } from 'vitest';
import { en } from '../../src/words/en.ts';
import { pick } from '../../src/words/words.ts';
import { zh } from '../../src/words/zh.ts';

type Tree = { [name: string]: string | ((...args: never[]) => string) | Tree };

/** Every word with its place; a word with numbers in it is asked with numbers. */
function all(tree: Tree, at = ''): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] => {
    const path = at ? `${at}.${name}` : name;
    if (typeof value === 'string') return [[path, value]];
    if (typeof value === 'function') return [[path, String((value as (...args: number[]) => string)(7, 8, 9, 10))]];
    return all(value, path);
  });
}

/** Words that are names, and so the same in every language. */
const names =
  /^(tag|core|compare\.pod|reality\.example|panels\.(yaml|watch)|header\.versions|legend\.sidecar|events\.(age|type|reason|object|message))$/;

describe('the words of the page', () => {
  test('no word is empty, and no Chinese word was left in English', () => {
    const chinese = new Map(all(zh));
    for (const [path, word] of all(en)) {
      expect(word, path).toMatch(/\S/);
      if (names.test(path)) continue;
      expect(chinese.get(path), path).toMatch(/\p{Script=Han}/u);
      expect(chinese.get(path), path).not.toBe(word);
    }
  });

  test('the first language that is spoken here is taken', () => {
    expect(pick([null, undefined, 'de-DE', 'zh-Hans-CN', 'en'])).toBe('zh');
    expect(pick(['en-GB', 'zh'])).toBe('en');
    expect(pick(['fr', ''])).toBe('en');
  });
});
