// Should the core stop in spite of everything: what stopped is said with text and seed, no text is lost, the next edit runs.

import { describe, expect, test } from 'vitest';
import { breaches, browser, idle, leaveEditor, manifest, openPage, useBrowser, write } from './browser.ts';
import { pod as plain } from './manifests.ts';

useBrowser();

/** The comment is not in ASCII, so the text is handed to the core by way of `TextEncoder`. */
const pod = (name: string) => `# ü\n${plain(name)}`;

/** From here on a text that holds `word` makes the core trap, as a panic would, so many times. */
function trapAt({ word, times }: { word: string; times: number }): void {
  const its = TextEncoder.prototype;
  const { encodeInto } = its;
  Object.assign(globalThis, { traps: 0 });
  its.encodeInto = function (text: string, into: Uint8Array) {
    const all = globalThis as unknown as { traps: number };
    if (!text.includes(word) || all.traps >= times) return encodeInto.call(this, text, into);
    all.traps++;
    throw new WebAssembly.RuntimeError('unreachable');
  };
}

describe('a core that stops', () => {
  test('loses no text, says what to report, and runs the next edit', async () => {
    const { page } = await openPage(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    await write(page, pod('before'));
    await page.evaluate(trapAt, { word: 'poison', times: 1 });
    await write(page, pod('poison'));
    const alert = page.getByRole('alert');
    expect(await alert.textContent()).toMatch(/stopped at this text \(seed 0\).*Your text is kept/s);
    expect(await manifest(page)).toBe(pod('poison'));
    expect(await page.locator('.cm-content').textContent()).toContain('name: poison');
    expect(await breaches(page)).toEqual([]);
    await alert.getByRole('button', { name: 'Copy the report' }).click();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(report).toMatch(/stopped: .*unreachable[\s\S]*Seed: 0[\s\S]*name: poison/);
    await write(page, pod('afterwards'));
    await leaveEditor(page);
    await expect.poll(() => page.locator('.tl-labels').textContent()).toContain('Pod afterwards');
    await page.keyboard.press('End');
    await idle(page);
    expect(await page.locator('[data-set="console"] .panel').textContent()).toMatch(/afterwards\s+1\/1\s+Running/);
  });

  test('is not asked the same again, and a reload begins with the text', async () => {
    const { page } = await openPage(browser);
    await page.evaluate(trapAt, { word: 'poison', times: 99 });
    await write(page, pod('poison'));
    await leaveEditor(page);
    for (const key of ['ArrowRight', 'End', 'Home', 'f', 'r', 'r']) await page.keyboard.press(key);
    await idle(page);
    expect(await page.getByRole('alert').count()).toBe(1);
    expect(await page.evaluate(() => (globalThis as unknown as { traps: number }).traps)).toBe(1);
    await page.reload();
    await idle(page);
    expect(await manifest(page)).toBe(pod('poison'));
    await expect.poll(() => page.locator('.tl-labels').textContent()).toContain('Pod poison');
  });
});
