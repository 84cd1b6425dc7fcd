// How quick the page is, measured where it runs: reported, never asserted (`benches/README.md` has the goals).

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { address, browser, idle, leaveEditor, openPage, useBrowser } from './browser.ts';

useBrowser();

/** Milliseconds the page's own thread has worked, which other work on the machine does not lengthen. */
async function worker(page: Page): Promise<() => Promise<number>> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return 1000 * (metrics.find((m) => m.name === 'TaskDuration')?.value ?? 0);
  };
}

const middle = (of: number[]) => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;
const ms = (n: number) => `${n.toFixed(1)} ms`;

/** Script work of one frame in which `key` is pressed, so many times: from the press to the end of the frame's jobs. */
function frames(page: Page, key: string, times: number): Promise<number[]> {
  return page.evaluate(
    async ([pressed, n]) => {
      const spent: number[] = [];
      for (let i = 0; i < n; i++) {
        await new Promise((done) => requestAnimationFrame(done));
        const from = performance.now();
        document.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true }));
        // The page's own frame callback was asked for by the key, so it runs before this one.
        await new Promise((done) => requestAnimationFrame(done));
        const idleFrame = performance.now() - from;
        await new Promise((done) => setTimeout(done, 0));
        spent.push(performance.now() - from - Math.max(0, idleFrame - 16.7));
      }
      return spent;
    },
    [key, times] as const,
  );
}

/** So many Pods whose readiness flaps every few seconds, for hours: lanes with thousands of slices. */
function flapping(pods: number, until: string): string {
  const one = (n: number) => `apiVersion: v1
kind: Pod
metadata: {name: web-${n}, labels: {app: web}}
spec:
  containers:
  - name: app
    image: registry.example/web:1
    readinessProbe:
      exec: {command: [sh, -c, "test $(( $(date +%s) / 5 % 2 )) = 0"]}
      periodSeconds: 5
      failureThreshold: 1
---
`;
  return `${Array.from({ length: pods }, (_, n) => one(n)).join('')}apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: podscope/v1
kind: Scenario
spec:
  until: ${until}
`;
}

describe('figures', () => {
  test('the first picture, cache cold', async () => {
    const painted: number[] = [];
    const moved: number[] = [];
    const worked: number[] = [];
    for (let i = 0; i < 9; i++) {
      const held = await browser.newContext({ viewport: { width: 1600, height: 900 } });
      const page = await held.newPage();
      const work = await worker(page);
      await page.goto(`${address()}?testing=1`);
      await page.waitForFunction(() => performance.getEntriesByName('first-picture').length > 0);
      worked.push(await work());
      await idle(page);
      // What nobody can use before there is a picture is not even asked for before.
      const early = await page.evaluate(() => {
        const drawn = performance.getEntriesByName('first-picture')[0]?.startTime ?? 0;
        const asked = performance
          .getEntriesByType('resource')
          .filter((e) => /codemirror|descriptions|zh-/.test(e.name));
        return { late: asked.length, early: asked.filter((e) => e.startTime < drawn).map((e) => e.name) };
      });
      expect(early.late).toBeGreaterThanOrEqual(1);
      expect(early.early).toEqual([]);
      painted.push(await page.evaluate(() => performance.getEntriesByName('first-picture')[0]?.startTime ?? 0));
      moved.push(
        await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN),
      );
      await held.close();
    }
    console.log(
      `figures: first picture, median of nine: ${ms(middle(painted))} (words on the page: ${ms(middle(moved))}; work of the page's thread until then: ${ms(middle(worked))})`,
    );
    expect(middle(painted)).toBeGreaterThan(0);
  });

  test('an edit to its pixels', async () => {
    const { page } = await openPage(browser);
    await page.locator('.cm-line', { hasText: 'failureThreshold: 3' }).first().click();
    await page.keyboard.press('End');
    const spent: number[] = [];
    const script: number[] = [];
    const work = await worker(page);
    for (let i = 0; i < 15; i++) {
      await page.evaluate(() => {
        const its = CanvasRenderingContext2D.prototype as CanvasRenderingContext2D & { old?: typeof drawImage };
        const drawImage = its.drawImage;
        const all = globalThis as unknown as { began: number; ended: number };
        all.ended = 0;
        document.querySelector('.rich')?.shadowRoot?.addEventListener(
          'beforeinput',
          () => {
            all.began = performance.now();
          },
          { once: true },
        );
        its.drawImage = function (this: CanvasRenderingContext2D, ...rest: unknown[]) {
          all.ended ||= performance.now();
          return (drawImage as (...of: unknown[]) => void).apply(this, rest);
        } as typeof drawImage;
      });
      const before = await work();
      await page.keyboard.press(i % 2 === 0 ? '0' : 'Backspace');
      await idle(page);
      const took = await page.evaluate(() => {
        const { began, ended } = globalThis as unknown as { began: number; ended: number };
        return ended - began;
      });
      if (took > 0) spent.push(took);
      script.push((await work()) - before);
    }
    console.log(
      `figures: edit to pixels, median of ${spent.length}: ${ms(middle(spent))} (all work of the page's thread until nothing is left to do: ${ms(middle(script))})`,
    );
    expect(spent.length).toBeGreaterThan(0);
  });

  test.each([
    ['seventeen Pods with tens of thousands of entries', 17, '1h', 17],
    ['a dozen Pods, all unfolded, with a quarter of a million of slices', 12, '5h', 50],
  ])('%s', { timeout: 180_000 }, async (_, pods, until, least) => {
    const { page, wrongs } = await openPage(browser);
    const from = Date.now();
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(flapping(pods, until));
    await page.waitForSelector('html[data-idle="true"]', { timeout: 150_000 });
    const computed = Date.now() - from;
    await leaveEditor(page);
    const said =
      (await page
        .locator('.measure')
        .textContent()
        .catch(() => '')) ?? '';
    const lanes = await page.locator('.tl-label').count();
    const work = await worker(page);
    /** Frames in which a key is pressed, and what the page's own thread worked for each. */
    const pressed = async (key: string, times: number): Promise<string> => {
      const before = await work();
      const spent = await frames(page, key, times);
      return `${ms(middle(spent))} (work of the page's thread ${ms(((await work()) - before) / times)})`;
    };
    const whole = await pressed('f', 20);
    await page.keyboard.press('+');
    await idle(page);
    const wide = await pressed('d', 20);
    const zoom = await pressed('-', 3);
    for (let i = 0; i < 12; i++) await page.keyboard.press('+');
    await idle(page);
    const near = await pressed('d', 20);
    console.log(
      `figures: ${lanes} lanes, ${said.trim()}; text to picture ${ms(computed)}; a frame of the whole ${whole}, of panning through most of it ${wide}, through little of it ${near}, of zooming ${zoom}`,
    );
    expect(lanes).toBeGreaterThanOrEqual(least);
    expect(wrongs).toEqual([]);
  });
});
