// The part of a link that the page reads and writes. The payload itself is made and read by the core.

import { linkTime } from './format.ts';

/** Beyond this many characters mail programs and chats begin to cut links. */
export const LONG_LINK = 8000;

export function isShareFragment(hash: string): boolean {
  return /^#?s=\d/.test(hash);
}

/** A whole address: page without its fragment, the payload, and optionally the instant and the selected entry. */
export function shareUrl(page: string, fragment: string, options: { t?: number; sel?: number | null } = {}): string {
  const base = page.split('#')[0] ?? '';
  let url = `${base}#${fragment.replace(/^#/, '')}`;
  if (options.t !== undefined) url += `&t=${linkTime(options.t)}`;
  if (options.sel !== undefined && options.sel !== null) url += `&sel=${options.sel}`;
  return url;
}

export function markdownLink(title: string, url: string): string {
  return `[${title.replace(/[[\]\\]/g, '\\$&')}](${url})`;
}

export function fencedCode(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((m) => m[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}podscope\n${text.replace(/\n?$/, '\n')}${fence}\n`;
}
