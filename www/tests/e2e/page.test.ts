import { describe, expect, test } from 'vitest';
import { breaches, browser, idle, leaveEditor, manifest, openPage, playhead, useBrowser, write } from './browser.ts';
import { pod as podOf } from './manifests.ts';
import { shots } from './shots.ts';

useBrowser();

const plain = podOf('plain');

describe('the page', () => {
  test('opens without an error, a policy violation or a request to elsewhere', async () => {
    const { page, wrongs } = await openPage(browser);
    expect(await page.title()).toContain('Podscope');
    await expect.poll(() => page.locator('.tl-label').count()).toBeGreaterThan(5);
    expect(await page.locator('.lead').textContent()).toContain('nothing is sent anywhere');
    expect(wrongs).toEqual([]);
  });

  test('shows versions of Kubernetes and of itself', async () => {
    const { page } = await openPage(browser);
    expect(await page.locator('.version').textContent()).toMatch(/Kubernetes \d+\.\d+ · Podscope \d+\.\d+\.\d+/);
  });

  test('plays by itself, unless motion is to be reduced', async () => {
    const moving = await openPage(browser, { autoplay: true });
    await expect.poll(() => playhead(moving.page), { timeout: 10_000 }).toBeGreaterThan(0.5);
    expect(moving.wrongs).toEqual([]);
    const calm = await openPage(browser, { autoplay: true, reducedMotion: 'reduce' });
    await idle(calm.page);
    expect(await playhead(calm.page)).toBe(0);
  });

  test.each(['light', 'dark'] as const)('has no breach of accessibility rules (%s)', async (colorScheme) => {
    const { page } = await openPage(browser, { colorScheme });
    expect(await breaches(page)).toEqual([]);
    await page.keyboard.press('r');
    await page.waitForSelector('.tl-table');
    expect(await breaches(page)).toEqual([]);
  });

  test.each(['Share', 'Keyboard and legend', 'A whole life in two minutes'])(
    'dialog %s has no breach either',
    async (name) => {
      const { page } = await openPage(browser);
      await page.getByRole('button', { name }).first().click();
      await page.waitForSelector('dialog[open]');
      expect(await breaches(page)).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await page.locator('dialog[open]').count()).toBe(0);
    },
  );
});

describe('time', () => {
  test('play moves the playhead and pause holds it', async () => {
    const { page, wrongs } = await openPage(browser);
    expect(await playhead(page)).toBe(0);
    await page.keyboard.press('Space');
    await expect.poll(() => playhead(page)).toBeGreaterThan(1);
    await page.keyboard.press('Space');
    await idle(page);
    const held = await playhead(page);
    await page.waitForTimeout(150);
    expect(await playhead(page)).toBe(held);
    expect(wrongs).toEqual([]);
  });

  test('keys step through entries and surprises, both ways, and to the ends', async () => {
    const { page } = await openPage(browser);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await idle(page);
    const second = await playhead(page);
    expect(second).toBeGreaterThan(0);
    await page.keyboard.press('ArrowLeft');
    await idle(page);
    expect(await playhead(page)).toBeLessThan(second);
    await page.keyboard.press('Shift+ArrowRight');
    await idle(page);
    const surprise = await playhead(page);
    expect(surprise).toBeGreaterThan(second);
    await page.keyboard.press('End');
    await idle(page);
    expect(await playhead(page)).toBeGreaterThan(surprise);
    await page.keyboard.press('Home');
    await idle(page);
    expect(await playhead(page)).toBe(0);
  });

  test('a step shows why, and the lines of the manifest that shaped it', async () => {
    const { page } = await openPage(browser);
    await page.keyboard.press('Shift+ArrowRight');
    await idle(page);
    expect(await page.locator('.why h2').textContent()).toMatch(/\S/);
    expect(await page.locator('#live').textContent()).toMatch(/\S/);
    await page.keyboard.press('Escape');
    expect(await page.locator('.why').count()).toBe(0);
  });

  test('lanes fold and unfold', async () => {
    const { page } = await openPage(browser);
    const pod = page.locator('.tl-label[aria-expanded="true"]').first();
    const before = await page.locator('.tl-label').count();
    await pod.click();
    await idle(page);
    expect(await page.locator('.tl-label').count()).toBeLessThan(before);
    await page.locator('.tl-label[aria-expanded="false"]').first().click();
    await idle(page);
    expect(await page.locator('.tl-label').count()).toBe(before);
  });

  test('a step dragged along the axis changes its instant in the text', async () => {
    const { page } = await openPage(browser);
    const plot = await page.locator('.tl-plot').boundingBox();
    if (!plot) throw new Error('no plot');
    const [x, y] = [plot.x + plot.width * 0.75 + 30, plot.y + 16];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - plot.width * 0.25, y, { steps: 6 });
    await page.mouse.up();
    await idle(page);
    expect(await manifest(page)).toMatch(/- at: (59|60|61)(\.\d+)?s\n\s+run: kubectl delete pod web/);
  });

  test('the ruler scrubs', async () => {
    const { page } = await openPage(browser);
    const box = await page.locator('.tl-ruler').boundingBox();
    if (!box) throw new Error('no ruler');
    await page.mouse.click(box.x + box.width / 2, box.y + 10);
    await idle(page);
    const middle = await playhead(page);
    await page.keyboard.press('End');
    await idle(page);
    expect(middle).toBeCloseTo((await playhead(page)) / 2, 0);
  });

  test('watch prints up to the playhead only', async () => {
    const { page } = await openPage(browser);
    const lines = async () =>
      ((await page.locator('[data-set="console"] .panel').textContent()) ?? '').split('\n').length;
    const before = await lines();
    await page.keyboard.press('End');
    await idle(page);
    expect(await lines()).toBeGreaterThan(before);
  });
});

describe('the text', () => {
  test('a misspelt field is an error with its place and a mend', async () => {
    const { page } = await openPage(browser);
    await write(page, plain.replace('containers:', 'contaners:'));
    await expect.poll(() => page.locator('.problem.error').count()).toBeGreaterThan(0);
    const problem = page.locator('.problem.error').filter({ hasText: 'contaners' }).first();
    expect(await problem.locator('.problem-where').textContent()).toMatch(/^6:\d+$/);
    await problem.locator('.problem-fix').click();
    await idle(page);
    expect(await manifest(page)).toContain('\n  containers:\n');
    expect(await page.locator('.problem.error').count()).toBe(0);
  });

  test('survives a reload', async () => {
    const { page } = await openPage(browser);
    await write(page, plain);
    await page.reload();
    await idle(page);
    expect(await page.locator('.cm-content').textContent()).toContain('name: plain');
  });

  test('a gallery entry leaves a way back to it', async () => {
    const { page } = await openPage(browser);
    await write(page, plain);
    await leaveEditor(page);
    await page.keyboard.press('g');
    await page.keyboard.insertText('staircase');
    await page.keyboard.press('Enter');
    await expect.poll(() => manifest(page)).toContain('kind: Scenario');
    await page.getByRole('button', { name: 'Back to your text' }).click();
    await idle(page);
    expect(await manifest(page)).toBe(plain);
  });

  test('whatever is pasted, the page goes on', async () => {
    const { page, wrongs } = await openPage(browser);
    for (const text of ['', '{', 'a: *b', '\t- x', '---\n---\n', 'kind: Pod', '<script>alert(1)</script>', '💥: 🧨']) {
      await write(page, text);
    }
    await write(page, plain);
    await expect.poll(() => page.locator('.tl-label').count()).toBeGreaterThan(1);
    expect(wrongs).toEqual([]);
  });
});

describe('a link', () => {
  test('carries the text, the instant and nothing to anybody', async () => {
    const first = await openPage(browser);
    await write(first.page, plain);
    await leaveEditor(first.page);
    await first.page.keyboard.press('ArrowRight');
    await first.page.keyboard.press('ArrowRight');
    await idle(first.page);
    const at = await playhead(first.page);
    await first.page.keyboard.press('s');
    await first.page.getByRole('checkbox').check();
    const url = await first.page.getByRole('textbox', { name: 'Link' }).inputValue();
    expect(url).toMatch(/#s=1\./);
    const second = await openPage(browser, { hash: url.slice(url.indexOf('#')) });
    await idle(second.page);
    expect(await manifest(second.page)).toBe(plain);
    expect(await playhead(second.page)).toBeCloseTo(at, 2);
    expect(second.wrongs).toEqual([]);
  });

  test('a damaged link says so and keeps what is there', async () => {
    const { page } = await openPage(browser, { hash: '#s=1.%%%' });
    expect(await page.getByRole('alert').textContent()).toMatch(/\S/);
    await expect.poll(() => page.locator('.tl-label').count()).toBeGreaterThan(5);
  });
});

describe('pictures', () => {
  test('wide and dark', async () => {
    const { page, wrongs } = await openPage(browser, { colorScheme: 'dark' });
    await page.keyboard.press('Shift+ArrowRight');
    await idle(page);
    await page.screenshot({ path: `${shots}dark.png` });
    expect(wrongs).toEqual([]);
  });

  test('narrow: the timeline fits, nothing sticks out sideways', async () => {
    const { page, wrongs } = await openPage(browser, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
    await page.screenshot({ path: `${shots}narrow.png` });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Manifest' }).click();
    await idle(page);
    await page.screenshot({ path: `${shots}narrow-manifest.png` });
    expect(await breaches(page)).toEqual([]);
    expect(wrongs).toEqual([]);
  });

  test('the picture of the README', async () => {
    const { page } = await openPage(browser);
    // The failure that tips the liveness probe has the most to tell: lines, a chain of causes, what follows.
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Shift+ArrowRight');
      await idle(page);
      if (/liveness/i.test((await page.locator('.why h2').textContent()) ?? '')) break;
    }
    const dots = await page.locator('.tl-plot').boundingBox();
    expect(dots?.width).toBeGreaterThan(800);
    await page.screenshot({ path: `${shots}picture.png` });
  });
});
