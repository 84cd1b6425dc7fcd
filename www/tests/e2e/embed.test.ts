// The element, the frame and the fences in pages that are not ours.

import { describe, expect, test } from 'vitest';
import { address, browser, useBrowser } from './browser.ts';
import { heard, host, ready } from './host.ts';
import { pod as plain } from './manifests.ts';
import { shots } from './shots.ts';

useBrowser();

const pod = (name: string) => plain(name, '    livenessProbe:\n      httpGet: {path: /, port: 80}\n');

const script = '<script type="module" src="./pod-scope.js"></script>';
const element = (name: string, attributes = '') => `<pod-scope ${attributes}><pre>${pod(name)}</pre></pod-scope>`;

describe('the element', () => {
  test('two on one page share one core, and tell what is selected', async () => {
    const { page, wrongs, requests } = await host(browser, `${element('one')}${element('two')}${script}`);
    await ready(page, 2);
    expect(requests.filter((url) => url.endsWith('.wasm'))).toHaveLength(1);
    expect(await page.locator('pod-scope .tl-label').count()).toBeGreaterThan(6);
    expect(await page.locator('pod-scope').first().locator('.tl-label').allTextContents()).toContain('Pod one');
    await page.locator('pod-scope').first().getByRole('slider').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await heard(page, 'select')).filter(Boolean).length).toBeGreaterThan(0);
    const [selected] = (await heard<{ title: string; at: number }>(page, 'select')).filter(Boolean);
    expect(selected?.title).toMatch(/\S/);
    expect((await heard(page, 'ready')).length).toBe(2);
    expect(await page.evaluate(() => document.documentElement.getAttributeNames())).toEqual(['lang']);
    await page.screenshot({ path: `${shots}element.png` });
    expect(wrongs).toEqual([]);
  });

  test('a click on a bar selects it', async () => {
    const { page } = await host(browser, `${element('one')}${script}`);
    await ready(page);
    const plot = await page.locator('.tl-plot').boundingBox();
    if (!plot) throw new Error('no plot');
    for (let y = 8; y < plot.height && (await heard(page, 'select')).length === 0; y += 8)
      await page.mouse.click(plot.x + plot.width * 0.5, plot.y + y);
    expect((await heard<{ title: string } | null>(page, 'select'))[0]?.title).toMatch(/\S/);
    expect(await page.locator('.why').textContent()).toMatch(/\S/);
  });

  test.each([320, 480])('at %s px no name of a lane is cut, and nothing sticks out', async (width) => {
    const text = `${pod('web')}    startupProbe: {tcpSocket: {port: 80}, periodSeconds: 2}
    readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 4, failureThreshold: 2}
`;
    const { page } = await host(browser, `<pod-scope><pre>${text}</pre></pod-scope>${script}`, {
      viewport: { width: width + 16, height: 700 },
    });
    await ready(page);
    const names = page.locator('.tl-label span');
    await expect.poll(async () => (await names.allTextContents()).join()).toMatch(/readiness .*4.s/);
    expect(await names.evaluateAll((all) => all.filter((name) => name.scrollWidth > name.clientWidth).length)).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width + 16);
  });

  test('loads nothing until it is near, and nothing but the script when it is left to the reader', async () => {
    const far = await host(browser, `<p>text</p>${'<p>text</p>'.repeat(200)}${element('far')}${script}`);
    await far.page.waitForFunction(() => customElements.get('pod-scope') !== undefined);
    await far.page.waitForTimeout(300);
    expect(far.requests.filter((url) => url.endsWith('.wasm'))).toEqual([]);
    await far.page.locator('pod-scope').scrollIntoViewIfNeeded();
    await ready(far.page);
    const asked = await host(browser, `${element('asked', 'loading="click"')}${script}`);
    await asked.page.getByRole('button', { name: 'Show the timeline' }).click();
    await ready(asked.page);
    expect(asked.wrongs).toEqual([]);
  });

  test('lives in another shadow root, and no style comes in or goes out', async () => {
    const rude = '<link rel="stylesheet" href="./rude.css">';
    const { page, wrongs } = await host(browser, `<p id="out">out</p><i id="b">b</i><div id="box"></div>${script}`, {
      head: rude,
      files: { 'rude.css': 'button, canvas { display: none !important } div, span { color: red !important }' },
    });
    const before = await page.evaluate(() => getComputedStyle(document.querySelector('#b') as Element).padding);
    await page.evaluate((text) => {
      const box = document.querySelector('#box') as HTMLElement;
      box.style.fontFamily = 'monospace';
      const inner = box.attachShadow({ mode: 'open' });
      const made = document.createElement('pod-scope') as HTMLElement & { source: string };
      made.source = text;
      inner.append(made);
    }, pod('inner'));
    await page.waitForFunction(() =>
      document.querySelector('#box')?.shadowRoot?.querySelector('pod-scope')?.hasAttribute('data-live'),
    );
    expect((await heard(page, 'ready')).length).toBe(1);
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('#b') as Element).padding)).toBe(before);
    const font = await page.locator('.frame .title').evaluate((node) => getComputedStyle(node).fontFamily);
    expect(font).toBe('monospace');
    expect(await page.locator('.tl-plot canvas').isVisible()).toBe(true);
    expect(wrongs).toEqual([]);
  });

  test('the editor comes on demand, and its text goes to the playground', async () => {
    const { page, wrongs, requests } = await host(browser, `${element('edited')}${script}`);
    await ready(page);
    expect(requests.some((url) => url.includes('codemirror'))).toBe(false);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(pod('changed'));
    await expect.poll(() => page.locator('.tl-label').allTextContents()).toContain('Pod changed');
    expect((await heard<{ source: string }>(page, 'change')).at(-1)?.source).toContain('name: changed');
    const link = page.getByRole('link', { name: 'Open in playground' });
    await link.focus();
    const url = (await link.getAttribute('href')) ?? '';
    expect(url.startsWith(`${address()}#s=1.`)).toBe(true);
    await page.screenshot({ path: `${shots}element-editor.png` });
    await page.goto(`${url.replace('#', '?testing=1#')}`);
    await page.waitForSelector('html[data-idle="true"]');
    expect(await page.evaluate(() => localStorage.getItem('podscope.text'))).toBe(pod('changed'));
    expect(wrongs).toEqual([]);
  });

  test('is taken away and put back, as client-side navigation does', async () => {
    const { page, wrongs } = await host(browser, `<main>${element('moved')}</main>${script}`);
    await ready(page);
    await page.evaluate(() => {
      const made = document.querySelector('pod-scope') as HTMLElement;
      const main = document.querySelector('main') as HTMLElement;
      made.remove();
      requestAnimationFrame(() => main.append(made));
    });
    await expect.poll(() => page.locator('pod-scope .tl-label').count()).toBeGreaterThan(3);
    await page.evaluate((text) => {
      const fresh = document.createElement('pod-scope');
      const pre = document.createElement('pre');
      pre.textContent = text;
      fresh.append(pre);
      document.querySelector('main')?.replaceChildren(fresh);
    }, pod('next'));
    await expect.poll(() => page.locator('pod-scope .tl-label').allTextContents()).toContain('Pod next');
    expect(wrongs).toEqual([]);
  });

  test('a table says the same, and a damaged text keeps what was there', async () => {
    const { page } = await host(browser, `${element('table', 'view="table"')}${script}`);
    await ready(page);
    await expect.poll(() => page.locator('table.rows tbody tr').count()).toBeGreaterThan(10);
    const bad = await host(
      browser,
      `<pod-scope scenario="1.zzzz"><pre slot="poster">a poster</pre></pod-scope>${script}`,
    );
    await expect.poll(async () => (await heard(bad.page, 'error')).length).toBe(1);
    expect(await bad.page.locator('.message').textContent()).toMatch(/link/);
    expect(await bad.page.getByText('a poster').isVisible()).toBe(true);
  });

  test('text is never markup', async () => {
    const evil = '<img src=x onerror=alert(1)><script>alert(1)</script>';
    const text = `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations: {a: '${evil}'}
spec:
  containers:
  - {name: '${evil}', image: '${evil}', command: [sh, -c, 'echo "${evil}"; exit 1']}
---
apiVersion: podscope/v1
kind: Scenario
metadata: {name: x}
spec:
  title: '${evil}'
  description: '${evil}'
  steps:
  - {at: 1s, run: 'echo ${evil.replaceAll('<', '\\<')}'}
  unknown: '${evil}'
`;
    const { page, wrongs } = await host(browser, `<pod-scope></pod-scope>${script}`);
    await page.waitForFunction(() => customElements.get('pod-scope') !== undefined);
    await page.evaluate((source) => {
      const made = document.querySelector('pod-scope') as HTMLElement & { source: string; run(): Promise<void> };
      made.source = source;
      return made.run();
    }, text);
    await ready(page);
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const inside = await page.locator('pod-scope').evaluate((made) => ({
      images: made.shadowRoot?.querySelectorAll('img, script').length,
      words: made.shadowRoot?.textContent ?? '',
    }));
    expect(inside.images).toBe(0);
    expect(inside.words).toContain('<img src=x');
    expect(wrongs).toEqual([]);
  });
});

describe('the frame', () => {
  test('shakes hands, tells height, selection and instant, and takes commands', async () => {
    const { page, wrongs } = await host(browser, '<iframe width="800" height="300" title="figure"></iframe>');
    const fragment = await page.evaluate(async () => {
      const heardHere: unknown[] = [];
      Object.assign(window, { messages: heardHere });
      addEventListener('message', (event) => heardHere.push((event.data as { podscope?: unknown }).podscope));
      return '';
    });
    expect(fragment).toBe('');
    const frame = page.locator('iframe');
    await frame.evaluate((node, url) => {
      (node as HTMLIFrameElement).src = url;
    }, `${address()}embed.html#src=./pod.yaml&t=3s`);
    await page.route('**/pod.yaml', (route) => route.fulfill({ body: pod('framed'), contentType: 'application/yaml' }));
    const inside = page.frameLocator('iframe');
    await expect.poll(() => inside.locator('.tl-label').allTextContents(), { timeout: 15_000 }).toContain('Pod framed');
    const of = (type: string) =>
      page.evaluate(
        (wanted) => (window as unknown as { messages: { type: string }[] }).messages.filter((m) => m?.type === wanted),
        type,
      ) as Promise<Record<string, unknown>[]>;
    const send = (message: unknown) =>
      frame.evaluate((node, data) => (node as HTMLIFrameElement).contentWindow?.postMessage(data, '*'), message);
    await expect.poll(async () => (await of('ready')).length).toBe(1);
    expect((await of('height')).at(-1)?.['height']).toBeGreaterThan(100);
    await send({ podscope: { v: 1, type: 'ping', id: 'a' } });
    await expect.poll(async () => (await of('pong')).at(-1)?.['id']).toBe('a');
    for (const noise of [
      'x',
      null,
      7,
      { podscope: 1 },
      { podscope: { v: 9, type: 'seek', time: 1 } },
      { podscope: { v: 1, type: 'seek', time: 'x' } },
    ])
      await send(noise);
    await send({ podscope: { v: 1, type: 'seek', time: 12.5 } });
    await expect.poll(async () => (await of('seek')).at(-1)?.['time']).toBeCloseTo(12.5, 3);
    await send({ podscope: { v: 1, type: 'select', entry: 3 } });
    await expect.poll(async () => (await of('select')).length).toBeGreaterThan(0);
    await send({ podscope: { v: 1, type: 'source', text: pod('sent') } });
    await expect.poll(() => inside.locator('.tl-label').allTextContents()).toContain('Pod sent');
    expect(wrongs).toEqual([]);
  });
});

describe('fences', () => {
  const blocks: Record<string, (text: string) => string> = {
    'plain, mdBook, Hugo': (text) => `<pre><code class="language-podscope">${text}</code></pre>`,
    'MkDocs Material': (text) => `<pre class="podscope"><code>${text}</code></pre>`,
    Sphinx: (text) =>
      `<div class="highlight-podscope notranslate"><div class="highlight"><pre><span></span>${text}</pre></div></div>`,
    VitePress: (text) =>
      `<div class="language-podscope vp-adaptive-theme"><button title="Copy"></button><span class="lang">podscope</span><pre class="shiki"><code>${text
        .split('\n')
        .map((line) => `<span class="line"><span>${line}</span></span>`)
        .join('\n')}</code></pre></div>`,
    Docusaurus: (text) =>
      `<div class="language-podscope codeBlockContainer"><div><pre class="prism-code language-podscope"><code>${text
        .split('\n')
        .map((line) => `<span class="token-line"><span class="token plain">${line}</span><br></span>`)
        .join('')}</code></pre></div></div>`,
  };

  test.each(Object.keys(blocks))('of %s become figures', async (tool) => {
    const { page, wrongs } = await host(
      browser,
      `<main>${blocks[tool]?.(pod('fenced'))}</main><script type="module" src="./fences.js"></script>`,
    );
    await ready(page);
    expect(await page.locator('pod-scope').count()).toBe(1);
    expect(await page.locator('.tl-label').allTextContents()).toContain('Pod fenced');
    expect(await page.locator('main > :not(pod-scope)').first().isVisible()).toBe(false);
    expect(wrongs).toEqual([]);
  });

  test('come and go with their blocks', async () => {
    const { page } = await host(browser, '<main></main><script type="module" src="./fences.js"></script>');
    await page.waitForFunction(() => customElements.get('pod-scope') !== undefined);
    await page.evaluate((text) => {
      const code = document.createElement('code');
      code.className = 'language-podscope';
      code.textContent = text;
      const pre = document.createElement('pre');
      pre.append(code);
      document.querySelector('main')?.append(pre);
    }, pod('late'));
    await ready(page);
    await page.evaluate(() => document.querySelector('pre:not(pod-scope pre)')?.remove());
    await expect.poll(() => page.locator('pod-scope').count()).toBe(0);
  });
});
