// One browser for a file of tests, and pages that remember everything that went wrong on them.

import AxeBuilder from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

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

function launch(): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.CHROME ?? '/usr/bin/chromium',
    args: root ? ['--no-sandbox', ...flags] : flags,
  });
}

/** The browser of the file that runs, from its first test on. */
export let browser: Browser;

/** One browser for a file of tests; what a test opened in it is closed after it. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(() => closePages(browser));
  afterAll(() => browser?.close());
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

/** A page that one test after another uses, since a browser takes far longer to make a page than to load ours. */
interface Held extends Opened {
  taken: boolean;
}

const held = new WeakMap<Browser, Map<string, Held>>();

/** Opens the playground as a first visitor finds it: nothing stored, nothing cached by us, no wrongs yet. */
export async function openPage(browser: Browser, options: OpenOptions = {}): Promise<Opened> {
  const { hash = '', autoplay = false, query = '', ...context } = options;
  const opened = await blankPage(browser, context);
  const asked = [autoplay ? '' : 'testing=1', query].filter(Boolean).join('&');
  await opened.page.goto(`${address()}${asked && `?${asked}`}${hash}`);
  if (!autoplay) await idle(opened.page);
  return { page: opened.page, wrongs: opened.wrongs };
}

/** The page that is kept for these options, or one more if the running test has it already. */
async function blankPage(browser: Browser, options: BrowserContextOptions): Promise<Opened> {
  const pages = held.get(browser) ?? new Map<string, Held>();
  held.set(browser, pages);
  const key = JSON.stringify(options);
  const kept = pages.get(key);
  if (kept && !kept.taken) {
    kept.taken = true;
    return kept;
  }
  const made = await newPage(browser, options);
  if (!kept) pages.set(key, made);
  return made;
}

async function newPage(browser: Browser, options: BrowserContextOptions): Promise<Held> {
  const context = await browser.newContext({
    viewport: { width: 1600, height: 900 },
    colorScheme: 'light',
    ...options,
  });
  const page = await context.newPage();
  const made: Held = { page, wrongs: [], taken: true };
  await listen(page, (wrong) => made.wrongs.push(wrong));
  page.on('requestfailed', (request) => made.wrongs.push(`request: ${request.url()} ${request.failure()?.errorText}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address()) && !/^(data|blob|about):/.test(url)) made.wrongs.push(`left the site: ${url}`);
  });
  return made;
}

/** Breaches of a page's own policy since the last test ended, whether that test looks at what went wrong or not. */
const policyBreaches: string[] = [];

/** Hears the console errors and the uncaught errors of a page, and remembers what its policy forbids it. */
export async function listen(page: Page, wrong: (what: string) => void): Promise<void> {
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error') wrong(`console: ${text}`);
    if (/Content.Security.Policy|^policy: /.test(text)) policyBreaches.push(text);
  });
  page.on('pageerror', (error) => wrong(`page: ${error.message}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
}

/** Closes what the last test opened, but for the pages that are kept: those forget all they have seen. */
async function closePages(browser: Browser): Promise<void> {
  const pages = held.get(browser) ?? new Map<string, Held>();
  for (const [key, kept] of [...pages]) {
    if (!kept.taken) continue;
    try {
      await forget(kept);
    } catch {
      pages.delete(key);
    }
  }
  const keep = new Set([...pages.values()].map((kept) => kept.page.context()));
  for (const context of browser.contexts()) if (!keep.has(context)) await context.close();
  expect(policyBreaches.splice(0), 'no test breaks the policy of its page').toEqual([]);
}

async function forget(kept: Held): Promise<void> {
  const { page } = kept;
  // A second window of the same visitor is a state that this cannot take back.
  if (page.context().pages().length > 1) throw new Error('more than one page');
  kept.wrongs = [];
  await page.unrouteAll();
  await page.emulateMedia({ media: null });
  await page.evaluate(() => sessionStorage.clear());
  // Leaving first: the page writes down where it was when it is left.
  await page.goto('about:blank');
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(address()).origin, storageTypes: 'all' });
  await session.detach();
  kept.wrongs = [];
  kept.taken = false;
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

/** How much the layout has shifted since the page was opened, as browsers count it. */
export function shifts(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) sum += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), 300);
      }),
  );
}

/** Breaches of accessibility rules, one line each: of the page, or of one part of it, which is quicker. */
export async function breaches(page: Page, part?: string): Promise<string[]> {
  await page.evaluate(AxeBuilder.source);
  return page.evaluate(async (within) => {
    const axe = (globalThis as unknown as { axe: typeof AxeBuilder }).axe;
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const result = await axe.run(within ?? document, { runOnly: tags });
    return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
  }, part);
}
