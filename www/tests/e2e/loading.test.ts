// Nothing that somebody presses, pastes or drops is lost while something is still loading: the page's script, the core,
// the words, the editor.

import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { address, browser, idle, listen, manifest, openPage, playhead, useBrowser, write } from './browser.ts';
import { pod } from './manifests.ts';

const wrongs: string[] = [];

useBrowser();
afterEach(() => {
  expect(wrongs.splice(0)).toEqual([]);
});

interface Gate {
  page: Page;
  /** Lets the files come that were held back. */
  release(): void;
}

/** Opens the page as a first visitor, and holds back the files whose address matches. */
async function open(held: RegExp, query = 'testing=1'): Promise<Gate> {
  const context = await browser.newContext({ viewport: { width: 1300, height: 800 } });
  const page = await context.newPage();
  await listen(page, (wrong) => wrongs.push(wrong));
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(held, async (route) => {
    await gate;
    await route.continue();
  });
  await page.goto(`${address()}?${query}`, { waitUntil: 'commit' });
  return { page, release };
}

/** The same without a core, when the page can be used already. */
async function openWithoutCore(query?: string): Promise<Gate> {
  const gate = await open(/\.wasm$/, query);
  await gate.page.locator('ps-transport .play').waitFor();
  return gate;
}

/** What the page shows of time and window. */
const state = async (page: Page) => ({
  at: await playhead(page),
  why: await page.locator('.why h2').allTextContents(),
  speed: await page.locator('.speed output').textContent(),
  fitted: await page.locator('.fit').isDisabled(),
  pinned: await page.locator('.tools [aria-pressed]').getAttribute('aria-pressed'),
  dialog: await page.evaluate(() => document.querySelector('dialog[open]')?.getAttribute('aria-labelledby')),
  menu: await page.locator('[role=menu]').count(),
});

test.each([
  [['ArrowRight', 'ArrowRight', 'Shift+ArrowRight']],
  [['End', 'ArrowLeft', ',']],
  [['+', 'b', 'v']],
  [['End', 'w']],
])('keys %j do before the core has come what they do afterwards', async (keys) => {
  const { page, release } = await openWithoutCore();
  for (const key of keys) await page.keyboard.press(key);
  release();
  await idle(page);
  const early = await state(page);
  const { page: other } = await openPage(browser, { viewport: { width: 1300, height: 800 } });
  for (const key of keys) {
    await other.keyboard.press(key);
    await idle(other);
  }
  expect(early).toEqual(await state(other));
});

test('play that is pressed before the core has come plays', async () => {
  const { page, release } = await openWithoutCore('');
  await page.keyboard.press('Space');
  release();
  await expect.poll(() => playhead(page)).toBeGreaterThan(0.5);
});

test('the link that is asked for before the core has come is made when it has', async () => {
  const { page, release } = await openWithoutCore();
  await page.locator('ps-editor textarea').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(pod('linked'));
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  const link = page.getByRole('textbox', { name: 'Link' });
  expect(await link.inputValue()).not.toContain('#s=1.');
  release();
  await expect.poll(() => link.inputValue()).toContain('#s=1.');
  expect(await manifest(page)).toBe(pod('linked'));
});

test('text and selection of the plain field are those of the editor that takes its place', async () => {
  const { page, release } = await open(/codemirror/);
  await page.locator('ps-editor textarea').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(pod('early'));
  await page.keyboard.press('ControlOrMeta+a');
  release();
  await page.locator('.cm-content').waitFor();
  await page.keyboard.insertText(pod('late'));
  await idle(page);
  expect(await manifest(page)).toBe(pod('late'));
  expect(await page.locator('.tl-labels').textContent()).toContain('Pod late');
});

test('the editor waits for a letter that is being composed in the plain field', async () => {
  const { page, release } = await open(/codemirror/);
  const field = page.locator('ps-editor textarea');
  await field.click();
  await page.keyboard.press('ControlOrMeta+Home');
  const session = await page.context().newCDPSession(page);
  await session.send('Input.imeSetComposition', { text: '# ni', selectionStart: 4, selectionEnd: 4 });
  const came = page.waitForResponse(/codemirror-(?!libraries)/);
  release();
  await (await came).finished();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await field.count()).toBe(1);
  await session.send('Input.insertText', { text: '# 你\n' });
  await page.locator('.cm-content').waitFor();
  await idle(page);
  expect(await manifest(page)).toMatch(/^# 你\n/);
});

test('a dialog asked for before the words have come opens with them', async () => {
  const { page, release } = await open(/\/zh-/, 'testing=1&lang=zh');
  await page.waitForFunction(() => customElements.get('ps-share') !== undefined);
  await page.keyboard.press('s');
  release();
  await expect.poll(() => page.locator('dialog[open] h2').textContent()).toBe('分享这个场景');
});

test('keys before the page has its script are pressed when it has', async () => {
  const { page, release } = await open(/assets\/index-.*\.js/);
  await page.waitForFunction(() => 'podscopeEarly' in globalThis);
  await page.keyboard.press('End');
  await page.keyboard.press('?');
  release();
  await page.locator('dialog[open] .legend').first().waitFor();
  await idle(page);
  expect(await playhead(page)).toBeGreaterThan(0);
});

test.each(['paste', 'drop'] as const)(
  'a %s outside of the editor is the text, before there is one too',
  async (type) => {
    const put = (page: Page, text: string) =>
      page.evaluate(
        ([kind, given]) => {
          const data = new DataTransfer();
          if (kind === 'drop') data.items.add(new File([given ?? ''], 'pod.yaml'));
          else data.setData('text/plain', given ?? '');
          const init = { bubbles: true, cancelable: true };
          document.body.dispatchEvent(
            kind === 'drop'
              ? new DragEvent('drop', { ...init, dataTransfer: data })
              : new ClipboardEvent('paste', { ...init, clipboardData: data }),
          );
        },
        [type, text],
      );
    const { page, release } = await open(/assets\/index-.*\.js/);
    await page.waitForFunction(() => 'podscopeEarly' in globalThis);
    await put(page, pod('first'));
    release();
    await expect.poll(() => page.locator('.tl-labels').textContent()).toContain('Pod first');
    await idle(page);
    expect(await manifest(page)).toBe(pod('first'));
    await put(page, pod('second'));
    await expect.poll(() => page.locator('.tl-labels').textContent()).toContain('Pod second');
  },
);

test('Escape leaves the editor right after a keystroke, and the next key is the page’s', async () => {
  const { page } = await openPage(browser);
  await write(page, pod('first'));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(pod('second'));
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await page.locator('dialog[open] .share-link').waitFor();
  await idle(page);
  expect(await manifest(page)).toBe(pod('second'));
});

test('Escape closes the list of completions where one is in sight', async () => {
  const { page } = await openPage(browser);
  await write(page, `${pod('listed')}  res`);
  await page.locator('.cm-tooltip-autocomplete').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.locator('.cm-tooltip-autocomplete').count()).toBe(0);
  expect(await page.locator('.cm-content').evaluate((content) => content.matches(':focus'))).toBe(true);
});

test('a core that cannot be fetched is told of, and comes when the network is back', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(/\.wasm$/, (route) => route.abort());
  await page.goto(`${address()}?testing=1`);
  await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/could not be loaded/);
  await page.keyboard.press('End');
  await page.unrouteAll();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect.poll(() => page.locator('.tl-labels').textContent()).toContain('Pod web');
  await idle(page);
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(await playhead(page)).toBeGreaterThan(0);
});
