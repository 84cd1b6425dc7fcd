// One browser for a file of tests, and pages that remember everything that went wrong on them.

import AxeBuilder from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Address of a served build, e.g. `http://127.0.0.1:4173/`. */
export function address(): string {
  const url = process.env.PODSCOPE_URL;
  if (!url) throw new Error('PODSCOPE_URL is not set: serve a build of the page and pass its address');
  return url.endsWith('/') ? url : `${url}/`;
}

export function launch(): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.CHROME ?? '/usr/bin/chromium',
    args: root ? ['--no-sandbox', ...flags] : flags,
  });
}

export interface Opened {
  page: Page;
  /** Console errors, page errors and policy violations so far. */
  wrongs: string[];
}

export interface OpenOptions extends BrowserContextOptions {
  /** After `?testing=1`, e.g. `#s=1.…`. */
  hash?: string;
  autoplay?: boolean;
  /** More for the query, e.g. `lang=zh`. */
  query?: string;
}

export async function openPage(browser: Browser, options: OpenOptions = {}): Promise<Opened> {
  const { hash = '', autoplay = false, query = '', ...context } = options;
  const held = await browser.newContext({ viewport: { width: 1600, height: 900 }, colorScheme: 'light', ...context });
  const page = await held.newPage();
  const wrongs: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrongs.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrongs.push(`page: ${error.message}`));
  page.on('requestfailed', (request) => wrongs.push(`request: ${request.url()} ${request.failure()?.errorText}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address()) && !/^(data|blob):/.test(url)) wrongs.push(`left the site: ${url}`);
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  const asked = [autoplay ? '' : 'testing=1', query].filter(Boolean).join('&');
  await page.goto(`${address()}${asked && `?${asked}`}${hash}`);
  if (!autoplay) await idle(page);
  return { page, wrongs };
}

/** Closes what the last test opened. */
export async function closePages(browser: Browser): Promise<void> {
  for (const context of browser.contexts()) await context.close();
}

/** Waits until the page has nothing left to load, compute or draw. */
export async function idle(page: Page): Promise<void> {
  await page.waitForSelector('html[data-idle="true"]', { timeout: 20_000 });
}

/** Seconds at which the playhead stands. */
export async function playhead(page: Page): Promise<number> {
  return Number(await page.getByRole('slider', { name: 'Playhead' }).getAttribute('aria-valuenow'));
}

/** Puts a text into the editor as a person would: all of it at once. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
  await idle(page);
}

/** Leaves the editor by keyboard. While it offers completions, the first Escape only closes their list. */
export async function leaveEditor(page: Page): Promise<void> {
  const content = page.locator('.cm-content');
  await content.focus();
  await expect
    .poll(async () => {
      await page.keyboard.press('Escape');
      return content.evaluate((editor) => editor.matches(':focus'));
    })
    .toBe(false);
}

export async function manifest(page: Page): Promise<string> {
  return page.evaluate(() => localStorage.getItem('podscope.text') ?? '');
}

/** Breaches of accessibility rules, one line each. */
export async function breaches(page: Page): Promise<string[]> {
  await page.evaluate(AxeBuilder.source);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: typeof AxeBuilder }).axe;
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const result = await axe.run(document, { runOnly: tags });
    return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
  });
}
