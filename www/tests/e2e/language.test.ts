import { describe, expect, test } from 'vitest';
import { breaches, browser, idle, openPage, useBrowser } from './browser.ts';

useBrowser();

describe('languages', () => {
  test('a reader of Chinese gets Chinese, and can change', async () => {
    const { page, wrongs } = await openPage(browser, { locale: 'zh-CN' });
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    expect(await page.getByRole('button', { name: '分享' }).count()).toBe(1);
    expect(await page.locator('.lead').textContent()).toContain('模拟');
    expect(await breaches(page)).toEqual([]);
    await page.getByRole('button', { name: 'English' }).click();
    await idle(page);
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(await page.getByRole('button', { name: 'Share' }).count()).toBe(1);
    await page.reload();
    await idle(page);
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(wrongs).toEqual([]);
  });

  test('the address can ask for a language', async () => {
    const { page } = await openPage(browser, { query: 'lang=zh' });
    expect(await page.getByRole('button', { name: '播放' }).count()).toBe(1);
  });
});
