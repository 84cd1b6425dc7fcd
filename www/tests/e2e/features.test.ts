// What the timeline paints, and what can be done with it. A canvas cannot be read, so what is written and drawn on it is
// noted while it is painted.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { breaches, browser, idle, leaveEditor, manifest, type Opened, openPage, useBrowser, write } from './browser.ts';

useBrowser();

/** What was painted since it was last asked: the words, and how many curves and dashed lines. */
interface Painted {
  words: string[];
  curves: number;
  dashes: number;
}

/** Opens the page with an eye on its canvases. */
async function watched(options: Parameters<typeof openPage>[1] = {}): Promise<Opened> {
  const opened = await openPage(browser, options);
  await opened.page.evaluate(() => {
    const painted: Painted = { words: [], curves: 0, dashes: 0 };
    Object.assign(globalThis, { painted });
    const its = CanvasRenderingContext2D.prototype;
    const { fillText, bezierCurveTo, setLineDash } = its;
    its.fillText = function (text: string, ...rest: [number, number, number?]) {
      painted.words.push(text);
      return fillText.call(this, text, ...rest);
    };
    its.bezierCurveTo = function (...all: [number, number, number, number, number, number]) {
      painted.curves++;
      return bezierCurveTo.apply(this, all);
    };
    its.setLineDash = function (pattern: number[]) {
      if (pattern.length > 0) painted.dashes++;
      return setLineDash.call(this, pattern);
    };
  });
  return opened;
}

async function painted(page: Page): Promise<Painted> {
  await idle(page);
  return page.evaluate(() => {
    const all = (globalThis as unknown as { painted: Painted }).painted;
    const now = { ...all };
    Object.assign(all, { words: [], curves: 0, dashes: 0 });
    return now;
  });
}

/** Presses a key that paints the timeline anew, and says what was painted for it. */
async function after(page: Page, key: string): Promise<Painted> {
  await painted(page);
  await page.locator('body').press(key);
  return painted(page);
}

const crash = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  terminationGracePeriodSeconds: 20
  containers:
  - name: app
    image: busybox
    command: [sh, -c, "sleep 5; exit 1"]
---
apiVersion: podscope/v1
kind: Scenario
spec:
  until: 5m
`;

describe('the picture', () => {
  test('has both rulers, counters of probes, and words in bars once there is room', async () => {
    const { page } = await watched({ viewport: { width: 1400, height: 900 } });
    const whole = await after(page, 'Shift+ArrowRight');
    for (const word of ['30 s', '00:00:30', '1/3', '2/3', '3/3', 'Running · 2/2']) expect(whole.words).toContain(word);
    expect(whole.words.join()).not.toContain('Init:1/2');
    await page.locator('body').press('Home');
    let near = whole;
    for (let i = 0; i < 8 && !near.words.some((w) => w.startsWith('Init:1/2')); i++) near = await after(page, '+');
    expect(near.words.some((w) => w.startsWith('Init:1/2'))).toBe(true);
    const ticks = (of: Painted) => of.words.filter((w) => /^[\d.]+ s$/.test(w));
    expect(
      ticks(near).some((tick) => !ticks(whole).includes(tick)),
      'finer ticks',
    ).toBe(true);
  });

  test('draws the chain of causes of what is selected, and the fields light up in the text', async () => {
    const { page } = await watched();
    expect((await after(page, 'f')).curves).toBe(0);
    for (let i = 0; i < 9; i++) {
      await page.locator('body').press('Shift+ArrowRight');
      await idle(page);
      if (/liveness/i.test((await page.locator('.why h2').textContent()) ?? '')) break;
    }
    expect((await painted(page)).curves).toBeGreaterThan(0);
    expect((await page.locator('.ps-field').allTextContents()).join()).toMatch(/3/);
    expect(await page.locator('.chain button').count()).toBeGreaterThan(1);
    // And on: a cause is one press away.
    const title = await page.locator('.why h2').textContent();
    await page.locator('.chain button').first().click();
    await idle(page);
    expect(await page.locator('.why h2').textContent()).not.toBe(title);
  });

  test('says of a restart that the probe that asked for it is why', async () => {
    const { page } = await watched();
    let title = '';
    for (let i = 0; i < 14 && !title.includes('runs again'); i++) {
      await page.locator('body').press('Shift+ArrowRight');
      await idle(page);
      title = (await page.locator('.why h2').textContent()) ?? '';
    }
    expect(title).toContain('restart 1');
    expect(await page.locator('.chain').first().textContent()).toContain('liveness');
  });

  test('back-off is a staircase of waits, each with its length', async () => {
    const { page } = await watched();
    await write(page, crash);
    await leaveEditor(page);
    const { words } = await after(page, 'f');
    for (const wait of ['40 s', '80 s', '2 min 40 s']) expect(words).toContain(`back-off ${wait}`);
  });

  test('a grace period is a bar that is eaten, and what nobody needed of it is hollow', async () => {
    const { page } = await watched();
    const { dashes } = await after(page, 'Shift+ArrowRight');
    expect(dashes).toBeGreaterThan(1);
  });

  test('what an edit changed stays behind it as a ghost', async () => {
    const { page } = await watched();
    await write(page, crash);
    await leaveEditor(page);
    await page.locator('body').press('b');
    const before = (await after(page, 'Shift+ArrowRight')).dashes;
    await write(page, crash.replace('sleep 5', 'sleep 25'));
    await leaveEditor(page);
    expect((await after(page, 'Shift+ArrowRight')).dashes).toBeGreaterThan(before);
  });

  test('a strip of the whole run is there while a part is in view, and moves the view', async () => {
    const { page } = await watched();
    expect(await page.locator('.tl-map').count()).toBe(0);
    for (let i = 0; i < 4; i++) await page.locator('body').press('+');
    await idle(page);
    const map = await page.locator('.tl-map').boundingBox();
    if (!map) throw new Error('no strip');
    await painted(page);
    await page.mouse.click(map.x + map.width * 0.9, map.y + 10);
    expect((await painted(page)).words.some((w) => /^1\d\d s$/.test(w))).toBe(true);
    await page.locator('body').press('f');
    await idle(page);
    expect(await page.locator('.tl-map').count()).toBe(0);
  });

  test('bars stay beside the names of their lanes when the height changes', async () => {
    const { page } = await watched();
    const heights = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.tl-plot canvas');
        return [canvas?.clientHeight, (canvas?.height ?? 0) / devicePixelRatio];
      });
    for (const height of [700, 1000, 620]) {
      await page.setViewportSize({ width: 1600, height });
      await idle(page);
      const [shown, drawn] = await heights();
      expect(shown).toBe(drawn);
    }
  });
});

describe('numbers', () => {
  test('of the manifest are dragged, and the future moves along', async () => {
    const { page, wrongs } = await watched();
    await write(page, crash.replace('image: busybox', 'image: busybox\n    livenessProbe: {tcpSocket: {port: 1}}'));
    await leaveEditor(page);
    const number = await page.locator('.ps-number').first().boundingBox();
    if (!number) throw new Error('no number');
    const [x, y] = [number.x + number.width / 2, number.y + number.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 8 });
    const during = Number(/terminationGracePeriodSeconds: (\d+)/.exec(await manifest(page))?.[1]);
    expect(during).toBeGreaterThan(20);
    await page.mouse.up();
    await page.locator('.cm-content').press('ControlOrMeta+z');
    await expect.poll(() => manifest(page)).toContain('terminationGracePeriodSeconds: 20');
    expect(wrongs).toEqual([]);
  });
});

describe('what if', () => {
  test('the process is killed where the menu was opened', async () => {
    const { page } = await watched();
    await write(page, crash.replace('sleep 5; exit 1', 'sleep 3600'));
    await leaveEditor(page);
    const ruler = await page.locator('.tl-ruler').boundingBox();
    if (!ruler) throw new Error('no ruler');
    await page.mouse.click(ruler.x + ruler.width / 5, ruler.y + 10);
    await idle(page);
    await page.keyboard.press('w');
    await page.getByRole('menuitem', { name: 'Kill the process of app' }).click();
    await idle(page);
    expect(await manifest(page)).toMatch(/steps:\n {2}- at: (59|60|61)(\.\d+)?s\n {4}fault: /);
    await leaveEditor(page);
    await page.keyboard.press('Shift+ArrowRight');
    await idle(page);
    expect(await page.locator('.why h2').textContent()).toMatch(/^fault: kill-container|app/);
  });
});

describe('reality', () => {
  const pod = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: default, creationTimestamp: "2026-01-01T00:00:00Z"}
spec: {containers: [{name: app, image: busybox}]}
status:
  phase: Running
  containerStatuses:
  - name: app
    restartCount: 0
    state: {running: {startedAt: "2026-01-01T00:00:02Z"}}
`;
  const events = `apiVersion: v1
kind: EventList
items:
- apiVersion: v1
  kind: Event
  metadata: {name: a, namespace: default, creationTimestamp: "2026-01-01T00:00:00Z"}
  involvedObject: {kind: Pod, name: web, namespace: default}
  type: Normal
  reason: Scheduled
  message: Successfully assigned default/web to node1
  firstTimestamp: "2026-01-01T00:00:00Z"
  lastTimestamp: "2026-01-01T00:00:00Z"
- apiVersion: v1
  kind: Event
  metadata: {name: b, namespace: default, creationTimestamp: "2026-01-01T00:00:30Z"}
  involvedObject: {kind: Pod, name: web, namespace: default}
  type: Warning
  reason: NodeNotReady
  message: Node is not ready
  firstTimestamp: "2026-01-01T00:00:30Z"
  lastTimestamp: "2026-01-01T00:00:30Z"
`;

  test.each([
    ['a Pod with its status', pod, /divergence/],
    ['events', events, /NodeNotReady/],
  ])('reads %s', async (_, text, says) => {
    const { page } = await watched();
    await write(page, crash);
    await leaveEditor(page);
    await page.keyboard.press('c');
    await page.getByRole('textbox', { name: 'What a real cluster said' }).fill(text);
    await expect.poll(() => page.locator('ps-reality .sweep-answer').count()).toBe(1);
    expect(await page.locator('ps-reality').textContent()).toMatch(says);
    expect(await page.locator('ps-reality tbody tr').count()).toBeGreaterThan(0);
  });
});

describe('out', () => {
  test('SVG, scenario file, and what is copied', async () => {
    const { page, wrongs } = await watched({
      acceptDownloads: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await write(page, crash);
    await leaveEditor(page);
    await page.keyboard.press('s');
    const saved = async (name: string) => {
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
      const chunks: Buffer[] = [];
      for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString();
    };
    expect(await saved('Scenario file')).toBe(crash);
    const svg = await saved('Picture (SVG)');
    expect(svg).toMatch(/^<svg [\s\S]*Pod web[\s\S]*<\/svg>\s*$/);
    const copied = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).click();
      await expect.poll(() => page.locator('ps-share').getByRole('button', { name: 'Copied' }).count()).toBe(1);
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(await copied('Copy link')).toMatch(/#s=1\./);
    expect(await copied('Markdown link')).toMatch(/^\[.+\]\(http.+#s=1\..+\)$/);
    expect(await copied('Fenced code block')).toBe(`\`\`\`podscope\n${crash}\`\`\`\n`);
    expect(await copied('HTML element')).toContain('<pod-scope');
    expect(await copied('HTML frame')).toContain('<iframe');
    expect(await copied('Table (Markdown)')).toMatch(/^\|[\s\S]*web/);
    expect(wrongs).toEqual([]);
  });
});

describe('for everyone', () => {
  test('a row of the table is chosen by a click and by keyboard alone', async () => {
    const { page, wrongs } = await openPage(browser);
    await page.locator('body').press('r');
    const rows = page.locator('.tl-table tbody tr');
    await rows.nth(4).locator('td').nth(2).click();
    await idle(page);
    const words = await rows.nth(4).locator('button').textContent();
    expect(await page.locator('.tl-table [aria-current]').count()).toBe(1);
    expect(await page.locator('.why h2').textContent()).toBeTruthy();
    expect(await page.locator('.tl-table button[tabindex="0"]').allTextContents()).toEqual([words]);
    await rows.nth(4).locator('button').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await idle(page);
    expect(await rows.nth(6).getAttribute('aria-current')).toBe('true');
    expect(await rows.nth(6).locator('button').getAttribute('aria-pressed')).toBe('true');
    // A step on the timeline brings its row into sight.
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    for (const key of ['Escape', 'End', 'Shift+ArrowLeft']) await page.locator('body').press(key);
    await idle(page);
    const box = await page.locator('.tl-table').boundingBox();
    const row = await page.locator('.tl-table [aria-current]').boundingBox();
    expect(row && box && row.y > box.y && row.y + row.height <= box.y + box.height + 1).toBe(true);
    expect(await breaches(page, '.tl-table')).toEqual([]);
    expect(wrongs).toEqual([]);
  });

  test('the timeline as a table says what the picture shows, and each step is announced', async () => {
    const { page } = await watched();
    await page.locator('body').press('Shift+ArrowRight');
    await idle(page);
    expect(await page.locator('#live').textContent()).toMatch(/^\d+\.\d+ s: .*\S/);
    await page.locator('body').press('r');
    await page.waitForSelector('.tl-table');
    const words = (await page.locator('.tl-table').textContent()) ?? '';
    for (const says of ['Pod web is created', 'Liveness', 'preStop', 'SIGTERM']) expect(words).toContain(says);
  });

  test('with forced colours the bars have the colours of the system, and words can be read on them', async () => {
    const { page } = await watched({ forcedColors: 'active', colorScheme: 'dark' });
    const lit = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.tl-plot canvas');
      const ctx = canvas?.getContext('2d');
      const seen = new Set<string>();
      const data = ctx?.getImageData(0, 0, canvas?.width ?? 1, canvas?.height ?? 1).data ?? [];
      for (let i = 0; i + 3 < data.length; i += 4 * 97) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
      return seen.size;
    });
    expect(lit).toBeGreaterThan(3);
  });
});
