// Every state of the page that is not its everyday one: no breach of accessibility rules, no error, nothing that jumps.

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { breaches, browser, idle, leaveEditor, manifest, openPage, shifts, useBrowser, write } from './browser.ts';

useBrowser();

const misspelt = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  contaners:
  - name: app
    image: nginx
`;

/** Goes through dialogs and lists, and collects what is wrong with each. */
async function walk(page: Page): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const look = async (name: string, where?: string) => {
    const wrong = await breaches(page, where);
    if (wrong.length > 0) found[name] = wrong;
  };
  await look('start');
  for (const key of ['g', '?', 's', 'v', 'c']) {
    await page.locator('body').press(key);
    await page.waitForSelector('dialog[open]');
    await look(`dialog ${key}`, 'dialog[open]');
    await page.keyboard.press('Escape');
  }
  await page.locator('body').press('w');
  await page.waitForSelector('[role=menu]');
  await look('menu', '[role=menu]');
  await page.keyboard.press('Escape');
  await page.locator('body').press('Shift+ArrowRight');
  await idle(page);
  for (const id of ['events', 'describe', 'yaml', 'logs', 'endpoints', 'compare', 'console']) {
    await page.locator(`#tab-${id}`).click();
    await idle(page);
    await look(`tab ${id}`, '.panels');
  }
  return found;
}

describe('every dialog and every tab', () => {
  test.each([
    ['light', 'en'],
    ['dark', 'zh'],
  ] as const)('have no breach (%s, %s)', async (colorScheme, lang) => {
    const { page, wrongs } = await openPage(browser, { colorScheme, query: `lang=${lang}` });
    expect(await walk(page)).toEqual({});
    expect(wrongs).toEqual([]);
  });
});

describe('a text that does not run', () => {
  test('says in the place of the timeline what to mend, and one press mends it', async () => {
    const { page, wrongs } = await openPage(browser);
    await page.evaluate((text) => localStorage.setItem('podscope.text', text), misspelt);
    await page.reload();
    await idle(page);
    const says = page.locator('.tl-nothing');
    expect(await says.textContent()).toMatch(/Nothing runs yet.*Line 6, column 3.*unknown field/s);
    expect(await page.locator('.tl-badge').isVisible(), 'no playhead without a timeline').toBe(false);
    expect(await breaches(page)).toEqual([]);
    await says.getByRole('button', { name: 'Change to' }).click();
    await idle(page);
    expect(await says.count()).toBe(0);
    await expect.poll(() => page.locator('.tl-label').count()).toBeGreaterThan(3);
    expect(wrongs).toEqual([]);
  });

  test('leaves the last run in sight while it is edited, with a word that it is that', async () => {
    const { page } = await openPage(browser);
    await write(page, misspelt.replace('contaners', 'containers'));
    const lanes = await page.locator('.tl-label').count();
    expect(lanes).toBeGreaterThan(0);
    await write(page, misspelt);
    expect(await page.locator('.tl-nothing').textContent()).toContain('the last run that was valid');
    expect(await page.locator('.tl-label').count()).toBe(lanes);
    expect(await breaches(page)).toEqual([]);
  });

  test('with steps but nothing they could be for says the same', async () => {
    const { page } = await openPage(browser);
    await page.evaluate(
      (text) => localStorage.setItem('podscope.text', text),
      `${misspelt}---\napiVersion: podscope/v1\nkind: Scenario\nspec:\n  steps:\n  - {at: 5s, run: kubectl get pod}\n`,
    );
    await page.reload();
    await idle(page);
    const notice = page.locator('.tl-nothing');
    expect(await notice.textContent()).toMatch(/Nothing runs yet.*unknown field/s);
    const [said, room] = [await notice.boundingBox(), await page.locator('ps-timeline').boundingBox()];
    expect(said && room && said.y + said.height <= room.y + room.height, 'all of it is in sight').toBe(true);
  });

  test('an empty one offers scenarios and files', async () => {
    const { page } = await openPage(browser);
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('Delete');
    await idle(page);
    await page.locator('.tl-nothing').getByRole('button', { name: 'Scenarios' }).click();
    expect(await page.locator('dialog[open]').count()).toBe(1);
  });

  test('its own messages are in the language of the page, those of Kubernetes are not', async () => {
    const { page } = await openPage(browser, { query: 'lang=zh' });
    await write(page, 'kind: {{ .Values.kind }}\n');
    expect(await page.locator('.problem-text').first().textContent()).toMatch(/\p{Script=Han}/u);
    await write(page, misspelt);
    expect(await page.locator('.problem-text').first().textContent()).toBe('unknown field "spec.contaners"');
    expect(await page.locator('.problem-fix').first().textContent()).toBe('改为 "containers"');
  });
});

describe('documents', () => {
  test('are listed above the editor, and a press goes there', async () => {
    const { page } = await openPage(browser);
    const items = page.locator('.outline-item');
    expect(await items.allTextContents()).toEqual(['Pod web', 'Service web', 'Scenario']);
    expect(await items.nth(0).getAttribute('aria-current')).toBe('true');
    await items.nth(1).click();
    await idle(page);
    expect(await items.nth(1).getAttribute('aria-current')).toBe('true');
    await page.keyboard.insertText('# here\n');
    expect(await manifest(page)).toContain('---\n# here\napiVersion: v1\nkind: Service');
  });

  test('are tabs: by keyboard alone one goes along them, renames, removes and adds', async () => {
    const { page, wrongs } = await openPage(browser, { viewport: { width: 390, height: 844 }, query: 'lang=zh' });
    await page.locator('ps-faces .tab').nth(1).click();
    const items = page.locator('.outline-item');
    await items.first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await items.nth(1).evaluate((e) => e === document.activeElement)).toBe(true);
    await page.keyboard.press('F2');
    await page.keyboard.insertText('front');
    await idle(page);
    expect(await items.allTextContents()).toEqual(['Pod web', 'Service front', 'Scenario']);
    expect(await breaches(page, 'ps-outline')).toEqual([]);
    const before = await manifest(page);
    await items.nth(1).focus();
    await page.keyboard.press('Delete');
    await idle(page);
    expect(await items.allTextContents()).toEqual(['Pod web', 'Scenario']);
    expect(await page.locator('#live').textContent()).toMatch(/已移除 Service front/);
    await page.locator('.cm-content').focus();
    await page.keyboard.press('ControlOrMeta+z');
    await idle(page);
    expect(await manifest(page)).toBe(before);
    const add = page.getByRole('button', { name: '添加一个文档' });
    await add.click();
    const offers = page.getByRole('menuitem');
    expect(await offers.allTextContents()).toContain('带探针的 Pod');
    expect(await offers.allTextContents()).not.toContain('Scenario');
    await page.keyboard.press('Escape');
    expect(await offers.count()).toBe(0);
    expect(await add.evaluate((e) => e === document.activeElement)).toBe(true);
    await add.click();
    await offers.filter({ hasText: /^Pod$/ }).click();
    await page.keyboard.insertText('second');
    await idle(page);
    expect(await items.last().textContent()).toBe('Pod second');
    expect(await page.locator('.problem').count()).toBe(0);
    await page.getByRole('button', { name: '移除 Pod second' }).click();
    await idle(page);
    expect(await manifest(page)).toBe(before);
    expect(wrongs).toEqual([]);
  });
});

describe('small states', () => {
  test('the list of completions and an error notice have no breach', async () => {
    const { page } = await openPage(browser, { hash: '#s=1.%%%' });
    await page.getByRole('alert').waitFor();
    expect(await breaches(page)).toEqual([]);
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.insertText('\n---\napiVersion: v1\nkind: Pod\nspec:\n  rest');
    await page.keyboard.press('Control+Space');
    await page.locator('.cm-tooltip-autocomplete li').first().waitFor();
    expect(await breaches(page)).toEqual([]);
  });

  test('a story that is longer than its lines can be unfolded by keyboard', async () => {
    const { page } = await openPage(browser, { viewport: { width: 1000, height: 800 } });
    const more = page.getByRole('button', { name: 'More', exact: true });
    await more.focus();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('button', { name: 'Less', exact: true }).getAttribute('aria-expanded')).toBe('true');
  });

  test('the gallery is told in Chinese, and found by both languages', async () => {
    const { page } = await openPage(browser, { query: 'lang=zh' });
    await expect.poll(() => page.locator('.story-title').textContent()).toBe('两分钟看完 Pod 的一生');
    expect(await page.title()).toContain('两分钟');
    await leaveEditor(page);
    await page.keyboard.press('g');
    for (const query of ['阶梯', 'staircase']) {
      await page.getByRole('searchbox').fill(query);
      expect(await page.locator('.result strong').first().textContent()).toBe('CrashLoopBackOff 的阶梯');
    }
  });

  test('a first visit is offered a tour, and nothing moves for it', async () => {
    const { page, wrongs } = await openPage(browser, { autoplay: true });
    await page.locator('.notice.offer').waitFor({ timeout: 15_000 });
    expect(await shifts(page)).toBeLessThan(0.05);
    expect(await breaches(page)).toEqual([]);
    expect(wrongs).toEqual([]);
  });
});
