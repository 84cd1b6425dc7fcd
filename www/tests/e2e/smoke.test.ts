// The same short visit in Firefox and in WebKit, where they are installed: what stands in the way there that Chromium
// does not mind. How to install them: pkg-config/README.md.

import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { shots } from './shots.ts';
import { type Site, site } from './site.ts';
import { findFirefox, startFirefox } from './smoke/firefox.ts';
import { click, clickAt, idle, ofAll, place, press, type Remote, textOf, texts, type, until } from './smoke/remote.ts';
import { findWebKit, startWebKit } from './smoke/webkit.ts';

/** Its last line is the one that a test writes on: 5 becomes 50, and the Pod lives to its end. */
const pod = `apiVersion: v1
kind: Pod
metadata: {name: short}
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
  - {name: app, image: busybox, command: [sleep, "9"]}
  activeDeadlineSeconds: 5`;

const guest = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:">
<link rel="icon" href="data:,"><script type="module" src="./podscope/pod-scope.js"></script></head>
<body><pod-scope><pre>${pod}</pre></pod-scope>
<iframe src="./podscope/embed.html#src=../pod.yaml" width="800" height="400" title="figure"></iframe></body></html>`;

const browsers = [
  { browser: 'Firefox', program: findFirefox(), start: startFirefox, advice: 'apt-get install firefox-esr' },
  { browser: 'WebKit', program: findWebKit(), start: startWebKit, advice: 'apt-get install webkit2gtk-driver xvfb' },
];

describe.each(browsers)('$browser', ({ browser, program, start, advice }) => {
  if (!program) return void test.skip(`is not installed here: ${advice}`);
  let remote: Remote;
  let held: Site;
  beforeAll(async () => {
    held = await site({ 'docs/guest.html': guest, 'docs/pod.yaml': pod });
    remote = await start(program);
    await remote.resize(1600, 900);
  });
  afterEach(() => expect(held.wrongs.splice(0), 'nothing goes wrong on the way').toEqual([]));
  afterAll(async () => {
    await remote?.close();
    held?.close();
  });

  /** The playground with nothing stored. */
  async function open(hash = ''): Promise<void> {
    await remote.goto('about:blank');
    await remote.goto(`${held.url}?testing=1${hash}`);
    await idle(remote);
  }

  async function shot(name: string): Promise<void> {
    writeFileSync(`${shots}smoke-${browser.toLowerCase()}-${name}.png`, await remote.picture());
  }

  /** The fragment of the link that the page offers for what is open. */
  async function fragment(): Promise<string> {
    await press(remote, 's');
    const address = () =>
      ofAll(
        remote,
        'dialog[open] input[readonly]',
        ([field]) => (field as HTMLInputElement | undefined)?.value || null,
      );
    const url = await until(address, 'a link');
    await press(remote, 'Escape');
    return url.slice(url.indexOf('#'));
  }

  /** How many colours a sample of the timeline's canvas has. */
  const colours = () =>
    ofAll(remote, '.tl-plot canvas', ([found]) => {
      const canvas = found as HTMLCanvasElement | undefined;
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const seen = new Set<number>();
      for (let i = 0; i < pixels.length; i += 4 * 7)
        seen.add((pixels[i]! << 16) | (pixels[i + 1]! << 8) | pixels[i + 2]!);
      return seen.size;
    });

  const lanes = () => texts(remote, '.tl-label');

  test('shows the first picture, its lanes and its table', async () => {
    await open();
    const [measured] = await ofAll(
      remote,
      'ps-transport',
      ([row]) => /[\d,]+ entries in [\d.]+ \w+/.exec(row?.textContent ?? '') ?? [],
    );
    console.info(`${remote.name}: ${measured}`);
    expect(await colours()).toBeGreaterThan(8);
    expect((await lanes()).length).toBeGreaterThan(5);
    await shot('first');
    await press(remote, 'r');
    await place(remote, '.tl-table');
    await shot('table');
    await press(remote, 'r');
  });

  test('opens a link, takes what is typed, and shows another future', async () => {
    await open();
    expect(await fragment()).toMatch(/^#s=1\./);
    await remote.evaluate((text) => localStorage.setItem('podscope.text', text), pod);
    await open();
    expect(await lanes()).toContain('Pod short');
    await press(remote, 'End');
    await idle(remote);
    const said = () => textOf(remote, '[data-set="console"] .panel');
    expect(await said()).toMatch(/Error\s/);
    await click(remote, '.cm-line', 'activeDeadlineSeconds');
    await press(remote, 'End');
    await type(remote, '0');
    await idle(remote);
    await press(remote, 'Escape');
    await press(remote, 'Escape');
    await press(remote, 'End');
    await idle(remote);
    expect(await said()).toContain('Completed');
    const link = await fragment();
    await remote.evaluate(() => localStorage.clear());
    await open(link);
    expect(await lanes()).toContain('Pod short');
    expect(await textOf(remote, '.cm-content')).toContain('activeDeadlineSeconds: 50');
  });

  test('tells why of the bar that is pressed', async () => {
    await open();
    const plot = await place(remote, '.tl-plot');
    for (let y = 8; y < plot.height && !(await textOf(remote, '.why h2')); y += 8) {
      await clickAt(remote, plot.x + plot.width / 2, plot.y + y);
      await idle(remote);
    }
    expect(await textOf(remote, '.why h2')).toMatch(/\S/);
    await shot('why');
  });

  test('is dark and Chinese when asked', async () => {
    await open();
    await click(remote, '.language');
    await until(async () => (await textOf(remote, '.lead')).includes('浏览器'), 'Chinese');
    for (let i = 0; i < 3 && !(await remote.evaluate(() => document.documentElement.dataset.theme === 'dark')); i++)
      await click(remote, '.language + button');
    await idle(remote);
    const ground = await remote.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(Number(/\d+/.exec(ground)?.[0])).toBeLessThan(60);
    await shot('dark-chinese');
    await remote.evaluate(() => localStorage.clear());
  });

  test('answers kubectl', async () => {
    await open();
    await press(remote, 'End');
    await idle(remote);
    const tab = '[data-set="console"] [role="tab"]';
    await click(remote, tab, 'Console');
    await click(remote, '.console-line');
    await type(remote, 'kubectl get nodes');
    await press(remote, 'Enter');
    await idle(remote);
    expect(await textOf(remote, '[data-set="console"] .panel')).toMatch(/NAME\s+STATUS\s+ROLES[\s\S]*node1\s+Ready/);
    await shot('console');
  });

  test('draws a figure in another page, as element and as frame', async () => {
    await remote.goto(`${held.url.replace('podscope/', '')}guest.html`);
    const pods = async () => (await lanes()).filter((name) => name === 'Pod short').length;
    await until(async () => (await pods()) === 2, 'both figures');
    await shot('embedded');
  });

  test('opens a second time without the network', async () => {
    await open();
    await until(() => remote.evaluate(() => navigator.serviceWorker.controller?.state === 'activated'), 'the worker');
    held.online = false;
    try {
      await open();
      expect((await lanes()).length).toBeGreaterThan(5);
    } finally {
      held.online = true;
    }
  });
});
