// What an element lives through on pages that are not ours: a core that traps, frameworks that take a page over, another
// theme; and that what it draws as a still picture is what the page shows.

import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { address, browser, listen, openPage, useBrowser, write } from './browser.ts';
import { heard, host, ready } from './host.ts';
import { pod } from './manifests.ts';

const folder = new URL('../../gallery/', import.meta.url);

useBrowser();

const script = '<script type="module" src="./pod-scope.js"></script>';
const element = (name: string, attributes = '') =>
  `<pod-scope id="${name}" ${attributes}><pre>${pod(name)}</pre></pod-scope>`;
const lanes = async (page: Page, of = '') =>
  (await page.locator(`${of} .tl-label`).allTextContents()).map((name) => name.trim());

const signs: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const plain = (text: string) => text.replace(/&[a-z#0-9]+;/g, (sign) => signs[sign] ?? sign);

/** Ten that show between them every kind of lane and mark. */
const TEN = ['01', '02', '03', '05', '06', '07', '18', '23', '26', '29'];

test('the pictures of ten scenarios have the lanes and labels of the page', async () => {
  const { page, wrongs } = await openPage(browser);
  const still = await host(browser, `<pod-scope loading="eager"><pre>${pod('first')}</pre></pod-scope>${script}`);
  await ready(still.page);
  for (const number of TEN) {
    const name = readdirSync(folder).find((file) => file.startsWith(`${number}-`)) ?? '';
    const text = readFileSync(new URL(name, folder), 'utf8');
    await write(page, text);
    const drawn = await still.page.evaluate(async (source) => {
      const made = document.querySelector('pod-scope') as HTMLElement & {
        source: string;
        toSVG(width: number): string;
      };
      const done = new Promise((resolve) => made.addEventListener('ps-result', resolve, { once: true }));
      made.source = source;
      await done;
      return made.toSVG(600);
    }, text);
    const words = (pick: RegExp) => [...drawn.matchAll(pick)].map((found) => plain(found[1] ?? ''));
    const picture = {
      lanes: words(/<text class="lane[^"]*"[^>]*>([^<]*)</g),
      title: words(/<text class="title"[^>]*>([^<]*)</g)[0] ?? '',
      width: /^<svg [^>]*\bwidth="(\d+)"/.exec(drawn)?.[1],
    };
    const shown = await lanes(page);
    // A label that is too long for the picture's margin ends with dots.
    const fits = picture.lanes.map((label, i) =>
      label.endsWith('…') ? shown[i]?.slice(0, label.length - 1) : shown[i],
    );
    expect(
      picture.lanes.map((label) => label.replace(/…$/, '')),
      name,
    ).toEqual(fits);
    expect(shown.length, name).toBe(picture.lanes.length);
    expect(picture.width).toBe('600');
    const title = await page.title();
    expect(title.startsWith(picture.title.replace(/…$/, '')), `${name}: ${title}`).toBe(true);
  }
  expect([...wrongs, ...still.wrongs]).toEqual([]);
});

test('a trap in one element is its own affair, and over with its text', async () => {
  const far = await host(browser, `${element('one')}${element('two')}`);
  const { page } = far;
  await page.evaluate(() => {
    // The first instance of the core can be made to trap; those that come after it are left as they are.
    const make = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...args: Parameters<typeof make>) => {
      const { instance, module } = (await make(...args)) as unknown as WebAssembly.WebAssemblyInstantiatedSource;
      const exports: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(instance.exports))
        exports[name] =
          name !== 'podscope_set_text'
            ? value
            : (...given: unknown[]) => {
                if ((window as { trap?: boolean }).trap) throw new WebAssembly.RuntimeError('unreachable');
                return (value as (...all: unknown[]) => unknown)(...given);
              };
      return { instance: { exports }, module } as unknown as WebAssembly.WebAssemblyInstantiatedSource;
    };
    const tag = document.createElement('script');
    tag.type = 'module';
    tag.src = './pod-scope.js';
    document.head.append(tag);
  });
  await ready(page, 2);
  const put = (id: string, source: string) =>
    page.evaluate(
      ([at, text]) => {
        (document.querySelector(`#${at}`) as HTMLElement & { source: string }).source = text as string;
      },
      [id, source],
    );
  await page.evaluate(() => Object.assign(window, { trap: true }));
  await put('one', pod('poison'));
  await expect.poll(async () => (await heard(page, 'error')).length).toBe(1);
  await expect.poll(() => page.locator('#one .message').isVisible()).toBe(true);
  // The other one has a new core, and still its picture and its selection.
  expect(await page.locator('#two .message').isVisible()).toBe(false);
  await expect.poll(() => lanes(page, '#two')).toContain('Pod two');
  await put('two', pod('after'));
  await expect.poll(() => lanes(page, '#two')).toContain('Pod after');
  await page.locator('#two').getByRole('slider').focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await expect.poll(async () => (await heard(page, 'select')).filter(Boolean).length).toBeGreaterThan(0);
  // And the one that trapped lives again with another text.
  await put('one', pod('mended'));
  await expect.poll(() => lanes(page, '#one')).toContain('Pod mended');
  expect(await page.locator('#one .message').isVisible()).toBe(false);
  expect((await heard(page, 'error')).length).toBe(1);
  expect(far.wrongs).toEqual([]);
});

test('theme, font and language are those of the page around', async () => {
  const body = `<main class="night" lang="zh">${element('dark')}</main>${element('light')}${element('own', 'theme="dark" locale="en"')}${script}`;
  const { page, wrongs } = await host(browser, body, {
    head: '<link rel="stylesheet" href="./night.css">',
    files: {
      'night.css':
        '.night { color-scheme: dark; font-family: serif } body { color-scheme: light; font-family: monospace }',
    },
  });
  await ready(page, 3);
  const look = (id: string) =>
    page.locator(`#${id}`).evaluate((made) => {
      const frame = made.shadowRoot?.querySelector('.frame') as Element;
      const { backgroundColor, fontFamily } = getComputedStyle(frame);
      const [red = 0] = backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
      const words = made.shadowRoot?.querySelector('.bar')?.textContent ?? '';
      return { dark: red < 128, fontFamily, words };
    });
  const [dark, light, own] = [await look('dark'), await look('light'), await look('own')];
  expect([dark.dark, light.dark, own.dark]).toEqual([true, false, true]);
  expect([dark.fontFamily, light.fontFamily]).toEqual(['serif', 'monospace']);
  expect(dark.words).toContain('表格');
  expect(light.words).toContain('Table');
  await page.locator('main').evaluate((main) => main.classList.remove('night'));
  await expect.poll(async () => (await look('dark')).dark).toBe(false);
  expect(wrongs).toEqual([]);
});

test('a fence below a framework’s root waits until the framework has taken it over', async () => {
  const block = `<pre><code class="language-podscope">${pod('fenced')}</code></pre>`;
  const { page, wrongs } = await host(
    browser,
    `<div id="app"><p>text</p>${block}</div><script type="module" src="./fences.js"></script>`,
  );
  await page.waitForFunction(() => customElements.get('pod-scope') !== undefined);
  expect(await page.locator('pod-scope').count()).toBe(0);
  expect(await page.locator('#app > pre').isVisible()).toBe(true);
  await page.evaluate(() => Object.assign(document.querySelector('#app') as object, { __vue_app__: {} }));
  await ready(page);
  expect(await lanes(page)).toContain('Pod fenced');
  expect(await page.locator('#app > pre').isVisible()).toBe(false);
  expect(wrongs).toEqual([]);
});

test('a fence below a root of that name that nobody takes over is not forgotten', async () => {
  const block = `<pre><code class="language-podscope">${pod('static')}</code></pre>`;
  const { page } = await host(
    browser,
    `<div id="root">${block}</div><script type="module" src="./fences.js"></script>`,
  );
  await ready(page);
  expect(await lanes(page)).toContain('Pod static');
});

test('the plain example site shows its figure', async () => {
  const example = readFileSync(new URL('../../../tests/embed/html/index.html', import.meta.url), 'utf8');
  const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  const wrongs: string[] = [];
  await listen(page, (wrong) => wrongs.push(wrong));
  await page.route('**/plain.html', (route) => route.fulfill({ body: example, contentType: 'text/html' }));
  await page.route('**/podscope/**', async (route) => {
    const url = `${address()}${route.request().url().split('/podscope/')[1]}`;
    await route.fulfill({ response: await route.fetch({ url }) });
  });
  await page.goto(`${address()}plain.html`);
  await ready(page);
  expect(await lanes(page)).toContain('Pod documented');
  await page.evaluate(() => {
    const told: unknown[] = [];
    Object.assign(window, { told });
    document.addEventListener('ps-select', (event) => told.push((event as CustomEvent).detail));
  });
  await page.locator('pod-scope').getByRole('slider').focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { told: unknown[] }).told.length))
    .toBeGreaterThan(0);
  expect(wrongs).toEqual([]);
});
