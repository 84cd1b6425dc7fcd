// What stands beside the run: what if, pin and compare, sweep, bands, exports.

import AxeBuilder from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { browser, idle, leaveEditor, manifest, openPage, useBrowser, write } from './browser.ts';

useBrowser();

/** A server that listens late, and a probe that does not wait for it: the sixth failure would come too late to matter. */
const slow = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: registry.example/slow:1
    livenessProbe:
      httpGet: {path: /healthz, port: 8080}
      periodSeconds: 5
      failureThreshold: 3
---
apiVersion: podscope/v1
kind: Scenario
metadata:
  name: slow
spec:
  until: 2m
  workloads:
  - program:
      listens: [{port: 8080, after: 22s}]
`;

async function breaches(page: Page): Promise<string[]> {
  await page.evaluate(AxeBuilder.source);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: typeof AxeBuilder }).axe;
    const result = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] });
    return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
  });
}

describe('what if', () => {
  test('a click on the timeline writes a deletion into the scenario, and undo takes it back', async () => {
    const { page, wrongs } = await openPage(browser);
    await write(page, slow);
    const plot = await page.locator('.tl-plot').boundingBox();
    if (!plot) throw new Error('no plot');
    await page.mouse.click(plot.x + plot.width / 2, plot.y + 60, { button: 'right' });
    expect(await breaches(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Delete Pod web' }).click();
    await idle(page);
    expect(await manifest(page)).toMatch(
      / {2}steps:\n {2}- at: (59|60|61)(\.\d+)?s\n {4}run: kubectl delete pod web\n$/,
    );
    expect(await page.getByRole('menu').count()).toBe(0);
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+z');
    await idle(page);
    expect(await manifest(page)).toBe(slow);
    expect(wrongs).toEqual([]);
  });

  test('by keyboard, at the playhead: the probe fails from there', async () => {
    const { page } = await openPage(browser);
    await write(page, slow.replace('after: 22s', 'after: 1s'));
    await leaveEditor(page);
    const ruler = await page.locator('.tl-ruler').boundingBox();
    if (!ruler) throw new Error('no ruler');
    await page.mouse.click(ruler.x + ruler.width / 4, ruler.y + 10);
    await idle(page);
    await page.keyboard.press('w');
    const item = page.getByRole('menuitem', { name: /liveness probe of app fails/ });
    await item.waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await item.evaluate((e) => e === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await idle(page);
    expect(await manifest(page)).toMatch(/http: \[\{path: \/healthz, status: 503, from: \d+(\.\d+)?s\}\]/);
    await page.keyboard.press('Shift+ArrowRight');
    await idle(page);
    expect(await page.locator('.why h2').textContent()).toMatch(/liveness|app/i);
  });
});

describe('what cannot happen', () => {
  const two = slow.replace(
    '  containers:\n',
    '  initContainers:\n  - {name: migrate, image: busybox, command: [sh, -c, sleep 20]}\n  containers:\n',
  );

  /** What is offered at a share of the run. */
  async function offered(page: Page, share: number): Promise<string[]> {
    const ruler = await page.locator('.tl-ruler').boundingBox();
    if (!ruler) throw new Error('no ruler');
    await page.mouse.click(ruler.x + ruler.width * share, ruler.y + 10);
    await idle(page);
    await page.keyboard.press('w');
    await page.locator('ps-whatif .menu').waitFor();
    const items = await page.getByRole('menuitem').allTextContents();
    expect(await breaches(page)).toEqual([]);
    await page.keyboard.press('Escape');
    return items;
  }

  test('is not offered: a container that has ended, one that has not begun, a Pod that is gone', async () => {
    const { page } = await openPage(browser);
    await write(page, `${two}  steps:\n  - {at: 60s, run: kubectl delete pod web --now}\n`);
    await leaveEditor(page);
    const early = (await offered(page, 15 / 120)).join();
    expect(early).toContain('process of migrate');
    expect(early).not.toContain('process of app');
    const late = (await offered(page, 40 / 120)).join();
    expect(late).toContain('process of app');
    expect(late).not.toContain('process of migrate');
    expect(await offered(page, 100 / 120)).toEqual([]);
    await page.keyboard.press('w');
    expect(await page.locator('.menu-hint').textContent()).toMatch(/No Pod of this name/);
  });
});

describe('compare', () => {
  test('an edit is compared with what stood before it', async () => {
    const { page, wrongs } = await openPage(browser);
    await write(page, slow);
    await page.waitForTimeout(1700);
    await write(page, slow.replace('failureThreshold: 3', 'failureThreshold: 8'));
    await page.getByRole('tab', { name: /Compare/ }).click();
    const restarts = page.locator('.compare tr', { hasText: 'Restarts' });
    await expect.poll(() => restarts.count()).toBe(1);
    expect(await restarts.textContent()).toMatch(/better/);
    expect(await breaches(page)).toEqual([]);
    expect(wrongs).toEqual([]);
  });

  test('a pinned run stays through many edits, and its text can be had back', async () => {
    const { page } = await openPage(browser);
    await write(page, slow);
    await leaveEditor(page);
    await page.keyboard.press('b');
    expect(await page.getByRole('button', { name: 'Pin this run' }).first().getAttribute('aria-pressed')).toBe('true');
    for (const n of [4, 5, 8]) await write(page, slow.replace('failureThreshold: 3', `failureThreshold: ${n}`));
    await page.getByRole('tab', { name: /Compare/ }).click();
    await page.getByRole('button', { name: 'Back to the pinned text' }).click();
    await idle(page);
    expect(await manifest(page)).toBe(slow);
    await page.getByRole('button', { name: 'Let go of the pinned run' }).click();
    expect(await page.locator('.compare table').count()).toBe(0);
  });
});

describe('sweep', () => {
  test('finds the smallest safe threshold, and writes it', async () => {
    const { page, wrongs } = await openPage(browser);
    await write(page, slow);
    await leaveEditor(page);
    await page.keyboard.press('v');
    const answer = page.locator('.sweep-answer');
    await expect.poll(() => answer.textContent(), { timeout: 30_000 }).toMatch(/The smallest safe value is \d+\./);
    expect(await breaches(page)).toEqual([]);
    const safe = /is (\d+)/.exec((await answer.textContent()) ?? '')?.[1] ?? '';
    expect(Number(safe)).toBeGreaterThanOrEqual(4);
    await page.getByRole('button', { name: `Write ${safe}`, exact: true }).click();
    await idle(page);
    expect(await manifest(page)).toContain(`failureThreshold: ${safe}`);
    await leaveEditor(page);
    await page.keyboard.press('Shift+ArrowRight');
    await idle(page);
    expect(await page.locator('.why').count(), 'nothing surprising happens any more').toBe(0);
    expect(wrongs).toEqual([]);
  });

  test('a start-up time has a greatest safe value', async () => {
    const { page } = await openPage(browser);
    await write(page, slow);
    await leaveEditor(page);
    await page.keyboard.press('v');
    await page.locator('ps-sweep select').selectOption({ label: 'workloads[0].program.listens[0].after: 22s' });
    await expect
      .poll(() => page.locator('.sweep-answer').textContent(), { timeout: 30_000 })
      .toMatch(/The greatest safe value is \d+s\./);
  });
});

describe('reality', () => {
  const seen = `NAME   READY   STATUS              RESTARTS     AGE
web    0/1     Pending             0            0s
web    0/1     ContainerCreating   0            0s
web    1/1     Running             0            3s
web    0/1     OOMKilled           0            9s
`;

  test('what a real cluster said is laid beside the prediction, and the first divergence is named', async () => {
    const { page, wrongs } = await openPage(browser);
    await write(page, slow);
    await leaveEditor(page);
    await page.keyboard.press('c');
    await page.getByRole('textbox', { name: 'What a real cluster said' }).fill(seen);
    expect(await page.locator('ps-reality .sweep-answer').textContent()).toMatch(/First divergence: .*OOMKilled/);
    expect(await page.locator('.real-first').count()).toBe(1);
    expect(await breaches(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'What a real cluster said' }).fill('hello');
    expect(await page.locator('ps-reality [role=alert]').textContent()).toContain('kubectl get pod -w');
    expect(wrongs).toEqual([]);
  });
});

describe('frames', () => {
  test('figures of playing, panning and typing', async () => {
    const { page } = await openPage(browser);
    const figures = await page.evaluate(async () => {
      const frame = () => new Promise<number>((done) => requestAnimationFrame(done));
      const press = (key: string) => document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      const measure = async (n: number, job: () => void) => {
        const spent: number[] = [];
        for (let i = 0; i < n; i++) {
          job();
          await frame();
          const from = performance.now();
          // Jobs of this frame were asked for before this one: what is left of them runs before the next task.
          await new Promise((done) => setTimeout(done, 0));
          spent.push(performance.now() - from);
        }
        spent.sort((a, b) => a - b);
        return { median: spent[Math.floor(n / 2)] ?? 0, p95: spent[Math.floor(n * 0.95)] ?? 0 };
      };
      const pan = await measure(40, () => press('d'));
      press('f');
      press(' ');
      const play = await measure(60, () => undefined);
      press(' ');
      return { pan, play };
    });
    console.log(`frames in ms: pan ${JSON.stringify(figures.pan)}, play ${JSON.stringify(figures.play)}`);
    expect(figures.play.median).toBeGreaterThanOrEqual(0);
  });
});

describe('the timeline', () => {
  test('says between which instants reality has it', async () => {
    const { page } = await openPage(browser);
    await write(page, slow);
    await page.waitForSelector('ps-timeline[data-bands="true"]', { timeout: 30_000 });
    await leaveEditor(page);
    let said = '';
    for (let i = 0; i < 8 && !said; i++) {
      await page.keyboard.press('Shift+ArrowRight');
      await idle(page);
      said = (await page.locator('.why-band').count()) ? ((await page.locator('.why-band').textContent()) ?? '') : '';
    }
    expect(said).toMatch(/A real kubelet does this between .+ and .+ \(16 draws/);
  });

  test('a line of the manifest lights up what it shapes, also that of a step', async () => {
    const { page } = await openPage(browser);
    await write(page, `${slow}  steps:\n  - at: 50s\n    run: kubectl delete pod web\n`);
    await page.locator('.cm-line', { hasText: 'at: 50s' }).click();
    await idle(page);
    const lit = await page.evaluate(() => document.querySelector('ps-timeline')?.getAttribute('data-lit'));
    expect(Number(lit)).toBeGreaterThan(0);
  });
});

describe('out', () => {
  test('PNG, Markdown and a trace for Perfetto', async () => {
    const { page, wrongs } = await openPage(browser, { acceptDownloads: true });
    await write(page, slow);
    await leaveEditor(page);
    await page.keyboard.press('s');
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Picture (PNG)' }).click(),
    ]);
    expect(png.suggestedFilename()).toBe('podscope.png');
    const [trace] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Trace for Perfetto' }).click(),
    ]);
    const stream = await trace.createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const parsed = JSON.parse(Buffer.concat(chunks).toString()) as { traceEvents: { ph: string }[] };
    expect(parsed.traceEvents.filter((e) => e.ph === 'X').length).toBeGreaterThan(5);
    await page.evaluate(() => {
      window.print = () => undefined;
    });
    await page.getByRole('button', { name: 'Print' }).click();
    await expect.poll(() => page.locator('.print-sheet img').count()).toBe(1);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.print-sheet pre').textContent()).toBe(slow);
    expect(await page.locator('.top').isVisible()).toBe(false);
    expect(wrongs).toEqual([]);
  });
});
