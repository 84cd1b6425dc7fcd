// What a new user wants to do, as tasks: the list with what was awkward is in ../TASKS.md.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  breaches,
  browser,
  idle,
  leaveEditor,
  manifest,
  openPage,
  playhead,
  shifts,
  useBrowser,
  write,
} from './browser.ts';
import { pod as podOf } from './manifests.ts';

useBrowser();

const pod = podOf('plain');

/** Opens a scenario of the gallery by what somebody would type. */
async function openBySymptom(page: Page, symptom: string): Promise<void> {
  await page.locator('body').press('g');
  await page.getByRole('searchbox').fill(symptom);
  await page.locator('.result').first().waitFor();
  await page.getByRole('searchbox').press('Enter');
  await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
  await idle(page);
}

/** Drops files on the page. */
async function drop(page: Page, files: Record<string, string>): Promise<void> {
  await page.evaluate((named) => {
    const data = new DataTransfer();
    for (const [name, text] of Object.entries(named)) data.items.add(new File([text], name));
    const init = { dataTransfer: data, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new DragEvent('dragover', init));
    document.body.dispatchEvent(new DragEvent('drop', init));
  }, files);
  await idle(page);
}

describe('the gallery', () => {
  test.each([
    ['OOMKilled', 'OOMKilled, over and over'],
    ['ImagePullBackOff', 'ImagePullBackOff, and still there after the fix'],
    ['30 seconds to stop', 'Always 30 s to stop, exit code 137, no OOM'],
    ['--force', 'Stuck Terminating, and what --force really does'],
  ])('“%s” finds “%s”', async (symptom, title) => {
    const { page, wrongs } = await openPage(browser);
    await openBySymptom(page, symptom);
    await expect.poll(() => page.locator('.story-title').textContent()).toBe(title);
    expect(await page.locator('.problem.error').count()).toBe(0);
    expect(wrongs).toEqual([]);
  });

  test('what it proposes to try is made with one press, and undone with one', async () => {
    const { page } = await openPage(browser);
    await openBySymptom(page, 'when will it be killed');
    await expect.poll(() => manifest(page)).toContain('periodSeconds: 10\n');
    const before = await manifest(page);
    await page.locator('.story-try .chip').click();
    await expect.poll(() => manifest(page)).toContain('periodSeconds: 5\n');
    await page.locator('.cm-content').press('ControlOrMeta+z');
    await expect.poll(() => manifest(page)).toBe(before);
  });

  test('undo goes back over the change of a scenario', async () => {
    const { page } = await openPage(browser);
    await write(page, pod);
    await leaveEditor(page);
    await openBySymptom(page, 'OOMKilled');
    await page.locator('.cm-content').press('ControlOrMeta+z');
    await expect.poll(() => manifest(page)).toBe(pod);
  });
});

describe('the editor', () => {
  test('lists what may stand at the cursor, and writes it', async () => {
    const { page } = await openPage(browser);
    await write(page, `${pod}    live`);
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete li').first().waitFor();
    expect(await page.locator('.cm-tooltip-autocomplete li').first().textContent()).toContain('livenessProbe');
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    await expect.poll(() => manifest(page)).toBe(`${pod}    livenessProbe:`);
  });

  test('offers the words of a field after its colon', async () => {
    const { page } = await openPage(browser);
    await write(page, `${pod}  restartPolicy: `);
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete li').first().waitFor();
    const words = await page.locator('.cm-completionLabel').allTextContents();
    expect(words.sort()).toEqual(['Always', 'Never', 'OnFailure']);
  });

  test('offers whole manifests where nothing stands yet', async () => {
    const { page, wrongs } = await openPage(browser);
    await write(page, '');
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete li').first().waitFor();
    expect(await page.locator('.cm-completionLabel').first().textContent()).toBe('Deployment');
    await page.waitForTimeout(150);
    await page.keyboard.press('Enter');
    await page.keyboard.insertText('shop');
    await idle(page);
    expect(await page.locator('.outline-item').allTextContents()).toEqual(['Deployment shop']);
    expect(await page.locator('.problem').count()).toBe(0);
    expect(wrongs).toEqual([]);
  });

  test('explains a field under the pointer', async () => {
    const { page, wrongs } = await openPage(browser);
    await write(page, pod.replace('spec:\n', 'spec:\n  terminationGracePeriodSeconds: 5\n'));
    await page.getByText('terminationGracePeriodSeconds', { exact: true }).hover();
    const card = page.locator('.ps-hover');
    await card.waitFor();
    expect(await card.textContent()).toMatch(/spec\.terminationGracePeriodSeconds.*default 30/);
    expect((await card.locator('p').last().textContent())?.length).toBeGreaterThan(40);
    expect(wrongs).toEqual([]);
  });

  test('writes out what was assumed of a program', async () => {
    const { page } = await openPage(browser);
    await write(page, pod.replace('nginx', 'example/app:1'));
    await page.getByRole('button', { name: 'Write it out' }).click();
    await expect.poll(() => manifest(page)).toContain('listens: [{port: 8080, after: 1s}]');
    await expect.poll(() => page.locator('.problem').count()).toBe(0);
  });

  test('goes to the next problem', async () => {
    const { page } = await openPage(browser);
    await write(page, pod.replace('image:', 'imagee:'));
    await leaveEditor(page);
    await page.locator('body').press('p');
    await expect.poll(() => page.locator('#live').textContent()).toMatch(/^Line 8, column 5: unknown field/);
  });

  test('says plainly that a template is a template', async () => {
    const { page } = await openPage(browser);
    await write(page, pod.replace('plain', '{{ .Release.Name }}'));
    await expect.poll(() => page.locator('.problem.error').allTextContents()).toHaveLength(1);
    expect(await page.locator('.problem-text').first().textContent()).toMatch(/template.*helm template/);
  });

  test('takes an object from kubectl get -o yaml, and sets aside what the cluster wrote', async () => {
    const { page } = await openPage(browser);
    const meta = '  uid: 0a1b\n  resourceVersion: "7"\n  managedFields:\n  - manager: kubectl\n';
    const got = `${pod.replace('spec:', `${meta}spec:`)}status:\n  phase: Running\n  podIP: 10.0.0.7\n`;
    await write(page, got);
    await expect.poll(() => page.locator('.problem.info').allTextContents()).not.toHaveLength(0);
    expect(await page.locator('.problem.error').count()).toBe(0);
    expect((await page.locator('.problem.info').allTextContents()).join()).toMatch(/ignored here.*managedFields/);
  });

  test('an empty one explains itself', async () => {
    const { page, wrongs } = await openPage(browser);
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('Delete');
    await idle(page);
    expect(await page.locator('.cm-placeholder').textContent()).toMatch(/Paste a manifest/);
    expect(await breaches(page)).toEqual([]);
    expect(wrongs).toEqual([]);
  });
});

describe('files', () => {
  test('a folder full becomes documents, and the text before can come back', async () => {
    const { page } = await openPage(browser);
    await write(page, pod);
    await drop(page, {
      'b.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n',
      'a.yaml': pod,
    });
    expect(await manifest(page)).toMatch(/^# a\.yaml\napiVersion[\s\S]*\n---\n# b\.yaml\n/);
    await page.getByRole('button', { name: 'Back to your text' }).click();
    await expect.poll(() => manifest(page)).toBe(pod);
  });

  test('what is no manifest is refused in words', async () => {
    const { page } = await openPage(browser);
    await drop(page, { 'a.png': 'x', 'b.txt': 'y' });
    expect(await page.getByRole('alert').textContent()).toMatch(/No manifest was found/);
  });
});

describe('coming back', () => {
  test('a reload keeps text, instant and seed', async () => {
    const { page } = await openPage(browser);
    await write(page, pod);
    await leaveEditor(page);
    await page.locator('body').press('ArrowRight');
    await page.locator('body').press('ArrowRight');
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('7');
    await page.getByRole('spinbutton', { name: 'Seed' }).press('Enter');
    await idle(page);
    const at = await playhead(page);
    expect(at).toBeGreaterThan(0);
    await page.reload();
    await idle(page);
    expect(await manifest(page)).toBe(pod);
    expect(await playhead(page)).toBeCloseTo(at, 2);
    expect(await page.getByRole('spinbutton', { name: 'Seed' }).inputValue()).toBe('7');
  });

  test('a link opens with its face and its seed', async () => {
    const first = await openPage(browser);
    await first.page.getByRole('spinbutton', { name: 'Seed' }).fill('3');
    await first.page.getByRole('spinbutton', { name: 'Seed' }).press('Enter');
    await first.page.getByRole('button', { name: 'Timeline as a table' }).click();
    await idle(first.page);
    await first.page.getByRole('button', { name: 'Share' }).click();
    const url = await first.page.getByRole('textbox', { name: 'Link' }).inputValue();
    expect(url).toMatch(/&view=table&seed=3$/);
    const second = await openPage(browser, { hash: url.slice(url.indexOf('#')) });
    await second.page.waitForSelector('.tl-table');
    expect(await second.page.getByRole('spinbutton', { name: 'Seed' }).inputValue()).toBe('3');
  });
});

describe('help', () => {
  test('the tour goes around by keyboard and ends where it began', async () => {
    const { page, wrongs } = await openPage(browser);
    await page.locator('body').press('?');
    await page.getByRole('button', { name: 'Show me around' }).click();
    for (let stop = 1; stop <= 5; stop++) {
      expect(await page.locator('.tour .quiet').textContent()).toBe(`${stop} / 5`);
      expect(await breaches(page)).toEqual([]);
      await page.keyboard.press('Enter');
    }
    await expect.poll(() => page.locator('.tour').count()).toBe(0);
    expect(wrongs).toEqual([]);
  });

  test('a report holds version, seed and text', async () => {
    const { page } = await openPage(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    await write(page, pod);
    await leaveEditor(page);
    await page.locator('body').press('s');
    await page.getByRole('button', { name: 'This differs from my cluster' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Copied' }).count()).toBe(1);
    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(report).toMatch(/Podscope \d+\.\d+\.\d+, Kubernetes 1\.\d+, seed 0, at 0 s/);
    expect(report).toContain('name: plain');
    expect(report).toContain('#s=1.');
  });
});

describe('for everyone', () => {
  test('at 200 % nothing sticks out sideways', async () => {
    const { page } = await openPage(browser, { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(720);
    expect(await breaches(page)).toEqual([]);
  });

  test('forced colours and the dialog of scenarios have no breach', async () => {
    const { page } = await openPage(browser, { forcedColors: 'active' });
    expect(await breaches(page)).toEqual([]);
    await page.locator('body').press('g');
    await page.locator('.result').first().waitFor();
    expect(await breaches(page)).toEqual([]);
  });

  test('nothing jumps while the page comes up', async () => {
    const { page } = await openPage(browser);
    expect(await shifts(page)).toBeLessThan(0.05);
  });
});
