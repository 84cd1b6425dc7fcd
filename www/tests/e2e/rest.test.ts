// The core comes in two modules: the first is enough for a first picture, the rest comes after it, or when it is needed.

import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { browser, idle, useBrowser, write } from './browser.ts';
import { pod } from './manifests.ts';
import { type Site, site } from './site.ts';

/** Commands of kubectl are the rest's. */
const commanded = (name: string) => `${pod(name)}---
apiVersion: podscope/v1
kind: Scenario
metadata: {name: ${name}}
spec:
  steps:
  - {at: 20s, run: kubectl describe pod ${name}}
`;

let held: Site;
let context: BrowserContext;
const wrongs: string[] = [];

useBrowser();
beforeEach(async () => {
  held = await site();
  context = await browser.newContext({ viewport: { width: 1300, height: 800 } });
  wrongs.length = 0;
});
afterEach(() => held.close());

/** Opens the page with a text that was left in it, or as a first visitor; `gate` decides when the rest may come. */
async function open(text: string, gate?: Promise<unknown>): Promise<{ page: Page; asked: () => number }> {
  const page = await context.newPage();
  page.on('pageerror', (error) => wrongs.push(error.message));
  page.on('console', (message) => {
    // Without the network the browser says of each file that the worker asks for in vain that it is not there.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) wrongs.push(message.text());
  });
  let asked = 0;
  await page.route(/podscope_rest/, async (route) => {
    asked++;
    await gate;
    await route.continue();
  });
  if (text) await page.addInitScript((left) => localStorage.setItem('podscope.text', left), text);
  await page.goto(`${held.url}?testing=1`);
  return { page, asked: () => asked };
}

function gate(): { closed: Promise<unknown>; open: () => void } {
  let open = () => {};
  const closed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { closed, open };
}

const labels = (page: Page) => page.locator('.tl-labels').textContent();

test('the first picture comes without the rest, which comes after it', async () => {
  const { closed, open: letIn } = gate();
  const { page, asked } = await open('', closed);
  await expect.poll(() => labels(page)).toContain('Pod web');
  await expect.poll(asked).toBe(1);
  expect(await page.getAttribute('html', 'data-idle')).not.toBe('true');
  letIn();
  await idle(page);
  await write(page, commanded('late'));
  expect(await labels(page)).toContain('Pod late');
  expect(asked()).toBe(1);
  expect(wrongs).toEqual([]);
});

test('a text that needs the rest at once runs when it has come, and nothing is reported', async () => {
  const { closed, open: letIn } = gate();
  const { page, asked } = await open(commanded('eager'), closed);
  await expect.poll(asked).toBe(1);
  expect(await page.locator('.tl-label').count()).toBe(0);
  letIn();
  await idle(page);
  expect(await labels(page)).toContain('Pod eager');
  await page.keyboard.press('End');
  await page.locator('[data-set="console"] [role="tab"]').nth(1).click();
  await idle(page);
  await expect.poll(() => page.locator('[data-set="console"] .panel').textContent()).toMatch(/Name: +eager/);
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(wrongs).toEqual([]);
});

test('when the rest cannot be fetched that is said, and the next text asks again', async () => {
  const { closed, open: letIn } = gate();
  const { page } = await open(commanded('alone'), closed);
  held.online = false;
  letIn();
  await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/could not be loaded/);
  held.online = true;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect.poll(() => labels(page)).toContain('Pod alone');
});

test('without the network both modules come from the worker', async () => {
  const { page } = await open('');
  await idle(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', undefined, {
    timeout: 20_000,
  });
  await page.unrouteAll();
  held.online = false;
  await page.reload();
  await idle(page);
  await write(page, commanded('offline'));
  expect(await labels(page)).toContain('Pod offline');
  expect(wrongs).toEqual([]);
});
