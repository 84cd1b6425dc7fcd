// The part of a link that the page reads and writes. The payload itself is made and read by the core.

import { linkTime } from './format.ts';

/** Beyond this many characters mail programs and chats begin to cut links. */
export const LONG_LINK = 8000;

export function isShareFragment(hash: string): boolean {
  return /^#?s=./.test(hash);
}

/** What a link may say beside the text: the instant, the selected entry, the view, the luck that is drawn. */
export interface LinkPlace {
  t?: number;
  sel?: number | null;
  view?: string;
  seed?: number;
}

/** What a link says about the page itself: which face it opens with, and the seed. */
export function linkOptions(hash: string): { view?: string; seed?: number } {
  const view = /[&#]view=(timeline|table|editor)\b/.exec(hash)?.[1];
  const seed = Number(/[&#]seed=(\d{1,9})\b/.exec(hash)?.[1] ?? 0);
  return { ...(view ? { view } : {}), ...(seed > 0 ? { seed } : {}) };
}

/** A whole address: page without its fragment, the payload, and optionally a place in the run. */
export function shareUrl(page: string, fragment: string, options: LinkPlace = {}): string {
  const base = page.split('#')[0] ?? '';
  let url = `${base}#${fragment.replace(/^#/, '')}`;
  if (options.t !== undefined) url += `&t=${linkTime(options.t)}`;
  if (options.sel !== undefined && options.sel !== null) url += `&sel=${options.sel}`;
  if (options.view) url += `&view=${encodeURIComponent(options.view)}`;
  if (options.seed) url += `&seed=${options.seed}`;
  return url;
}

/** The folder of the site that a page's address lies in. */
export function siteOf(page: string): string {
  return page.replace(/[?#].*$/s, '').replace(/[^/]*$/, '');
}

function attribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}

/** The element for a page, with the script that makes it live. */
export function elementCode(page: string, fragment: string, options: LinkPlace = {}): string {
  const payload = fragment.replace(/^#?s=/, '');
  const at = options.t === undefined ? '' : ` at="${linkTime(options.t)}"`;
  const sel = options.sel === undefined || options.sel === null ? '' : ` select="${options.sel}"`;
  const view = options.view ? ` view="${attribute(options.view)}"` : '';
  return `<script type="module" src="${attribute(siteOf(page))}pod-scope.js"></script>
<pod-scope scenario="${attribute(payload)}"${at}${sel}${view}></pod-scope>
`;
}

/** A frame for pages that take no scripts. */
export function frameCode(page: string, fragment: string, title: string, options: LinkPlace = {}): string {
  const url = shareUrl(`${siteOf(page)}embed.html`, fragment, options);
  return `<iframe src="${attribute(url)}" title="${attribute(title)}" width="100%" height="420" loading="lazy"></iframe>
`;
}

export function markdownLink(title: string, url: string): string {
  return `[${title.replace(/[[\]\\]/g, '\\$&')}](${url})`;
}

export function fencedCode(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((m) => m[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}podscope\n${text.replace(/\n?$/, '\n')}${fence}\n`;
}
