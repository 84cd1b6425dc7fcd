// Workloads on the timeline: folded strips, revisions in letters, and a text that replaces another one wholly.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { breaches, browser, idle, leaveEditor, openPage, useBrowser, write } from './browser.ts';

useBrowser();

const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: app
        image: nginx
        readinessProbe:
          httpGet: {path: /, port: 80}
          periodSeconds: 1
---
apiVersion: podscope/v1
kind: Scenario
metadata:
  name: rollout
spec:
  until: 90s
  steps:
  - at: 40s
    run: kubectl set image deployment/web app=nginx:1.27
`;

/** The labels in sight, from the top: name, quieter line, letter of the revision. */
const labels = (page: Page) =>
  page.locator('.tl-label').evaluateAll((all) =>
    all.map((label) => ({
      name: (label.querySelector('.tl-name')?.textContent ?? '').replace(
        label.querySelector('small')?.textContent ?? '',
        '',
      ),
      note: label.querySelector('small')?.textContent ?? '',
      letter: label.querySelector('.tl-revision')?.textContent ?? '',
      title: label.getAttribute('title') ?? '',
      open: label.getAttribute('aria-expanded'),
      top: Number.parseFloat((label as HTMLElement).style.top),
    })),
  );

async function lanes(page: Page) {
  await idle(page);
  return (await labels(page)).sort((a, b) => a.top - b.top);
}

test('a rollout is one group: two ReplicaSets with letters, and each Pod one strip with the letter of its own', async () => {
  const { page, wrongs } = await openPage(browser);
  await write(page, web);
  const all = await lanes(page);
  expect(all.map((l) => [l.note, l.letter]).slice(0, 8)).toEqual([
    ['', ''],
    ['Deployment', ''],
    ['', ''],
    ['ReplicaSet · 2 Pods', 'A'],
    ['', 'A'],
    ['', 'A'],
    ['ReplicaSet · 2 Pods', 'B'],
    ['', 'B'],
  ]);
  expect(all[1]?.name).toBe('web');
  expect(all.filter((l) => l.letter && !l.note).every((l) => l.open === 'false')).toBe(true);
  const title = await page
    .locator('.tl-label', { has: page.locator('.tl-revision') })
    .first()
    .getAttribute('title');
  expect(title).toMatch(/^ReplicaSet web-\w+ · revision A: \w+$/);
  expect(await breaches(page, 'ps-timeline')).toEqual([]);
  expect(wrongs).toEqual([]);
});

test('a strip is opened by its label, and stays open when the template changes', async () => {
  const { page, wrongs } = await openPage(browser);
  await write(page, web);
  const strip = page.locator('button.tl-label', { has: page.locator('.tl-revision') }).nth(1);
  await strip.focus();
  await page.keyboard.press('Enter');
  const opened = await lanes(page);
  const at = opened.findIndex((l) => l.letter && l.open === 'true' && !l.note);
  expect(opened[at + 1]?.name).toBe('Ready');
  expect(opened.some((l) => l.name === 'app')).toBe(true);
  await write(page, web.replace('image: nginx', 'image: nginx:1.25'));
  const again = await lanes(page);
  expect(again[at]?.open).toBe('true');
  expect(again[at]?.title).not.toBe(opened[at]?.title);
  await page
    .locator('button.tl-label[aria-expanded=true]', { has: page.locator('.tl-revision') })
    .nth(1)
    .click();
  expect((await lanes(page)).some((l) => l.name === 'app')).toBe(false);
  expect(wrongs).toEqual([]);
});

test('a crowd is the counts of its owner until it is opened', async () => {
  const { page, wrongs } = await openPage(browser);
  await write(page, web.replace('replicas: 2', 'replicas: 80').replace(/ {2}steps:[\s\S]*/, ''));
  const all = await lanes(page);
  expect(all.filter((l) => l.note).map((l) => [l.note, l.open])).toEqual([
    ['Deployment', 'true'],
    ['ReplicaSet · 80 Pods', 'false'],
  ]);
  expect(all.length).toBeLessThan(6);
  await page.locator('.tl-label', { hasText: 'ReplicaSet' }).click();
  expect((await lanes(page)).length).toBeGreaterThan(80);
  expect(wrongs).toEqual([]);
});

test('a Deployment in place of the sample leaves nothing of it', async () => {
  const { page, wrongs } = await openPage(browser);
  const before = await lanes(page);
  await write(page, web.replace(/---[\s\S]*/, ''));
  const all = await lanes(page);
  expect(all[0]?.note).toBe('Deployment');
  const names = new Set(before.map((l) => l.name));
  expect(all.map((l) => l.name).filter((name) => names.has(name) && /Pod|Service/.test(name))).toEqual([]);
  await expect.poll(() => page.locator('ps-outline .outline-item').allTextContents()).toHaveLength(1);
  expect(await page.locator('ps-outline .outline-item').first().textContent()).toContain('Deployment web');
  await page.locator('#tab-console').click();
  expect(await page.locator('ps-panels[data-set=console]').textContent()).not.toContain('kubectl delete');
  expect(wrongs).toEqual([]);
});

test('the objects of a Deployment can be described and shown as YAML', async () => {
  const { page, wrongs } = await openPage(browser);
  await write(page, web);
  await leaveEditor(page);
  await page.locator('body').press('End');
  await page.locator('#tab-describe').click();
  const options = page.locator('.object-bar option');
  await expect.poll(async () => (await options.allTextContents()).some((o) => o.includes('Deployment'))).toBe(true);
  const value = await options.evaluateAll(
    (all) => (all.find((o) => o.textContent?.includes('Deployment')) as HTMLOptionElement).value,
  );
  await page.locator('.object-bar select').selectOption(value);
  await expect.poll(() => page.locator('ps-panels .term').first().textContent()).toMatch(/Replicas: +2 desired/);
  await page.locator('#tab-yaml').click();
  await expect.poll(() => page.locator('ps-panels .term').first().textContent()).toContain('availableReplicas: 2');
  expect(wrongs).toEqual([]);
});

test('the cursor on a field of the template lights every Pod of it, and a strip says which line it goes back to', async () => {
  const { page, wrongs } = await openPage(browser);
  await write(page, web);
  await page.locator('.cm-line', { hasText: 'periodSeconds' }).click();
  await expect.poll(() => page.locator('ps-timeline').getAttribute('data-lit').then(Number)).toBeGreaterThan(3);
  await page.locator('.cm-line', { hasText: 'replicas' }).click();
  await expect.poll(() => page.locator('ps-timeline').getAttribute('data-lit').then(Number)).toBeGreaterThan(1);
  expect(wrongs).toEqual([]);
});
