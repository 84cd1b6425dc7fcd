// Links into the page: nobody's text is lost, and nothing that travels in one becomes markup.

import { expect, test } from 'vitest';
import { address, browser, idle, leaveEditor, listen, manifest, openPage, useBrowser, write } from './browser.ts';
import { pod } from './manifests.ts';

useBrowser();

/** The fragment that the page makes of a text. */
async function linkOf(text: string): Promise<string> {
  const { page } = await openPage(browser);
  await write(page, text);
  await leaveEditor(page);
  await page.keyboard.press('s');
  const url = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  return url.slice(url.indexOf('#'));
}

test('a link leaves a way back to the text it takes the place of', async () => {
  const shared = await linkOf(pod('shared'));
  const { page, wrongs } = await openPage(browser);
  await write(page, pod('mine'));
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `${shared}&view=table`);
  await expect.poll(() => manifest(page)).toBe(pod('shared'));
  await page.getByRole('button', { name: 'Back to your text' }).click();
  await idle(page);
  expect(await manifest(page)).toBe(pod('mine'));
  expect(wrongs).toEqual([]);
});

test.each(['#s=', '#s=1.', '#s=1.AAAA', '#s=9.abc', '#s=x', `#s=1.${'A'.repeat(99)}`, '#s=1.%00%ff&t=NaN&sel=-1'])(
  'the link %s says what is wrong and leaves the text alone',
  async (hash) => {
    const { page, wrongs } = await openPage(browser);
    await write(page, pod('mine'));
    await page.evaluate((next) => {
      location.hash = next;
    }, hash);
    if (hash !== '#s=') await expect.poll(() => page.getByRole('alert').count()).toBe(1);
    expect(await manifest(page)).toBe(pod('mine'));
    expect(wrongs).toEqual([]);
  },
);

test('HTML in names, messages and logs is text', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  const text = `${pod(
    'web',
    `    command: [sh, -c, 'echo "${evil}" >&2; exit 3']
    terminationMessagePolicy: FallbackToLogsOnError
`,
    'busybox',
  )}---
apiVersion: podscope/v1
kind: Scenario
metadata: {name: x}
spec:
  title: '${evil}'
  description: '**${evil}**'
  steps:
  - {at: 5s, run: 'echo "${evil}"'}
  expect:
  - {pod: '${evil}', ready: {by: 1s}}
`;
  const { page, wrongs } = await openPage(browser, { hash: await linkOf(text) });
  await page.keyboard.press('End');
  await idle(page);
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await idle(page);
    expect(await page.locator('img, [onerror]').count()).toBe(0);
  }
  await page.keyboard.press('r');
  await idle(page);
  expect(await page.locator('img, [onerror]').count()).toBe(0);
  expect(await page.locator('body').innerText()).toContain('<img src=x');
  expect(wrongs).toEqual([]);
});

const below = process.env.PODSCOPE_SUB_URL;

test.skipIf(!below)('from a sub-folder page, frame and element work as from the root', async () => {
  const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  const wrongs: string[] = [];
  await listen(page, (wrong) => wrongs.push(wrong));
  page.on('request', (request) => {
    if (!request.url().startsWith(below ?? '') && !/^(data|blob):/.test(request.url())) wrongs.push(request.url());
  });
  await page.goto(`${below}?testing=1`);
  await idle(page);
  expect(await page.locator('.tl-label').count()).toBeGreaterThan(5);
  await page.goto(`${below}embed.html${await linkOf(pod('below'))}`);
  await expect.poll(() => page.locator('.tl-label').allTextContents(), { timeout: 15_000 }).toContain('Pod below');
  const open = page.getByRole('link', { name: 'Open in playground' });
  expect(await open.getAttribute('href')).toContain(`${below}#s=1.`);
  expect(address()).not.toBe(below);
  expect(wrongs).toEqual([]);
});
