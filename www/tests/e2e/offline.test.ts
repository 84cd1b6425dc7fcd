// The site with its service worker, below a sub-path: offline, and when a new version comes.

import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { browser, idle, useBrowser, write } from './browser.ts';
import { pod } from './manifests.ts';
import { type Site, site } from './site.ts';

const guest = `<!doctype html><html lang="en"><head><title>A page</title>
<script type="module" src="./podscope/fences.js"></script></head>
<body><pre><code class="language-podscope">${pod('fenced')}</code></pre></body></html>`;

let held: Site;
let context: BrowserContext;
const wrongs: string[] = [];

useBrowser();
beforeEach(async () => {
  held = await site({ 'docs/guest.html': guest });
  context = await browser.newContext({ viewport: { width: 1300, height: 800 } });
  wrongs.length = 0;
});
afterEach(() => held.close());

async function open(path = ''): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => wrongs.push(error.message));
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) wrongs.push(message.text());
  });
  await page.goto(`${held.url}${path}`);
  return page;
}

/** The names of the lanes that are shown. */
const lanes = async (page: Page) => (await page.locator('.tl-label').allTextContents()).map((name) => name.trim());

/** Waits until a worker serves this page. */
const served = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', undefined, { timeout: 20_000 });

const first = (page: Page) =>
  page.locator('script[type="module"]').evaluate((script) => (script as HTMLScriptElement).src.split('/').at(-1));

test('page, frame and element open without the network', async () => {
  const page = await open('?testing=1');
  await idle(page);
  await served(page);
  held.online = false;
  await page.reload();
  await idle(page);
  expect(await page.locator('.tl-label').count()).toBeGreaterThan(3);
  await write(page, pod('offline'));
  expect(await lanes(page)).toContain('Pod offline');
  await page.goto(`${held.url}embed.html#view=timeline`);
  await page.waitForFunction(() => customElements.get('pod-scope') !== undefined);
  await page.evaluate((text) => {
    const made = document.querySelector('pod-scope') as HTMLElement & { source: string; run(): Promise<void> };
    made.source = text;
    return made.run();
  }, pod('framed'));
  await expect.poll(() => lanes(page)).toContain('Pod framed');
  const stored = await page.evaluate(async () => {
    const [name = ''] = await caches.keys();
    return (await (await caches.open(name)).keys()).map((request) => request.url);
  });
  expect(stored.filter((url) => url.includes('codemirror-libraries'))).toHaveLength(1);
  for (const name of ['pod-scope.js', 'fences.js']) {
    const text = await page.evaluate(async (file) => (await fetch(file)).text(), name);
    expect(text.length).toBeGreaterThan(20);
  }
  expect(wrongs).toEqual([]);
});

test('on a host that leaves .html away all pages open, without the network too', async () => {
  held.clean = true;
  const page = await open('index?testing=1');
  await idle(page);
  await served(page);
  await write(page, pod('tidy'));
  await page.locator('.cm-content').press('Escape');
  await page.locator('body').press('s');
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toMatch(`${held.url}?testing=1#s=1.`);
  const fragment = link.slice(link.indexOf('#'));
  for (const online of [true, false]) {
    held.online = online;
    for (const name of ['embed.html', 'embed']) {
      await page.goto('about:blank');
      await page.goto(`${held.url}${name}${fragment}`);
      await expect.poll(() => lanes(page)).toContain('Pod tidy');
      const opener = page.getByRole('link', { name: 'Open in playground' });
      expect(await opener.getAttribute('href')).toContain(`${held.url}#s=1.`);
    }
    for (const name of ['', 'index', 'index.html']) {
      await page.goto('about:blank');
      await page.goto(`${held.url}${name}?testing=1`);
      await idle(page);
      expect(await lanes(page)).toContain('Pod tidy');
    }
  }
  expect(wrongs).toEqual([]);
});

test('a page that stays open is told of a new version, and takes it with its text', async () => {
  const page = await open('?testing=1');
  await idle(page);
  await served(page);
  await write(page, pod('kept'));
  const before = await first(page);
  held.release('another');
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  const notice = page.getByRole('status').filter({ hasText: 'A newer version of Podscope has come' });
  await notice.waitFor({ timeout: 20_000 });
  expect(await first(page)).toBe(before);
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Load it' }).click()]);
  await idle(page);
  expect(await first(page)).toMatch(/\.v-another\.js$/);
  expect(await lanes(page)).toContain('Pod kept');
  expect(await page.getByText('A newer version').count()).toBe(0);
  // The new worker alone is left, it knows the new files, and works without the network.
  await served(page);
  expect(await page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting))).toBe(
    false,
  );
  held.online = false;
  await page.reload();
  await idle(page);
  expect(await first(page)).toMatch(/\.v-another\.js$/);
  expect(wrongs).toEqual([]);
});

test('a page that is loaded anew is of the new version at once, and older caches go', async () => {
  const page = await open('?testing=1');
  await idle(page);
  await served(page);
  for (const word of ['second', 'third']) {
    const version = held.release(word);
    await page.reload();
    await idle(page);
    expect(await first(page)).toContain(`.v-${word}.js`);
    await expect.poll(() => page.evaluate(() => caches.keys()), { timeout: 20_000 }).toContain(`podscope-${version}`);
    await expect
      .poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)), {
        timeout: 20_000,
      })
      .toBe(false);
    expect(await page.getByText('A newer version').count()).toBe(0);
  }
  await expect.poll(() => page.evaluate(async () => (await caches.keys()).length), { timeout: 20_000 }).toBe(2);
  expect(wrongs).toEqual([]);
});

test('pages beside the site load its scripts, and are none of the worker’s business', async () => {
  const page = await open('?testing=1');
  await served(page);
  await page.goto(`${held.url}../guest.html`);
  await page.waitForSelector('pod-scope[data-live]', { timeout: 20_000 });
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBe(null);
  expect(await lanes(page)).toContain('Pod fenced');
  await page.locator('pod-scope').getByRole('slider').press('Home');
  const link = page.getByRole('link', { name: 'Open in playground' });
  expect(await link.getAttribute('href')).toContain(`${held.url}#s=1.`);
  expect(wrongs).toEqual([]);
});
