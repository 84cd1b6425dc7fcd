// Somebody else's page: whatever HTML a test gives, at an address of the served site.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { address, listen } from './browser.ts';

/** The strictest policy under which the element works on a page of the same site. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self'";

export interface Hosted {
  page: Page;
  /** Console errors, page errors and policy violations so far. */
  wrongs: string[];
  /** Addresses of all requests so far. */
  requests: string[];
}

/** Opens a page with this body. `ps-` events are kept in `window.heard`. */
export async function host(
  browser: Browser,
  body: string,
  options: BrowserContextOptions & { head?: string; files?: Record<string, string> } = {},
): Promise<Hosted> {
  const { head = '', files = {}, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, colorScheme: 'light', ...rest });
  const page = await context.newPage();
  const wrongs: string[] = [];
  const requests: string[] = [];
  await listen(page, (wrong) => wrongs.push(wrong));
  page.on('request', (request) => requests.push(request.url()));
  await page.addInitScript(() => {
    const heard: [string, unknown][] = [];
    Object.assign(window, { heard });
    for (const type of ['ready', 'result', 'change', 'seek', 'select', 'error'])
      document.addEventListener(`ps-${type}`, (event) => heard.push([type, (event as CustomEvent).detail]));
  });
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>A page</title>${head}</head><body>${body}</body></html>`;
  await page.route('**/host.html', (route) => route.fulfill({ body: html, contentType: 'text/html' }));
  for (const [name, body] of Object.entries(files))
    await page.route(`**/${name}`, (route) =>
      route.fulfill({ body, contentType: name.endsWith('.css') ? 'text/css' : 'text/plain' }),
    );
  await page.goto(`${address()}host.html`);
  return { page, wrongs, requests };
}

/** Details of the events of one kind that came so far. */
export function heard<T = Record<string, unknown>>(page: Page, type: string): Promise<T[]> {
  return page.evaluate(
    (wanted) =>
      (window as unknown as { heard: [string, unknown][] }).heard.filter(([is]) => is === wanted).map(([, d]) => d),
    type,
  ) as Promise<T[]>;
}

/** Waits until so many elements have drawn their first picture. */
export async function ready(page: Page, count = 1): Promise<void> {
  await page.waitForFunction((n) => document.querySelectorAll('pod-scope[data-live]').length >= n, count, {
    timeout: 20_000,
  });
  await page.evaluate(() =>
    Promise.all(
      [...document.querySelectorAll('pod-scope[data-live]')].map((e) => (e as HTMLElement & { ready: unknown }).ready),
    ),
  );
}
