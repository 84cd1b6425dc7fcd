// Where the text comes from and how nobody's text gets lost. The working text is kept at every edit. When a gallery
// entry or a link takes its place, the text that stood there is kept beside it until the next such change.

import defaultText from '../../gallery/01-a-whole-life.yaml?raw';
import { isAnother } from '../lib/another.ts';
import { isShareFragment, linkOptions } from '../lib/link.ts';
import { keep, recall } from '../lib/storage.ts';
import { words } from '../words/words.ts';
import { model } from './context.ts';
import { showFace } from './faces.ts';
import { notify } from './notice.ts';
import { showTable } from './table-switch.ts';

export const DEFAULT_SLUG = '01-a-whole-life';

const lazy = import.meta.glob<string>(['../../gallery/*.yaml', '!**/01-a-whole-life.yaml'], {
  query: '?raw',
  import: 'default',
});

/** What the page last put into the editor by itself. A text that equals it is nobody's work. */
let pristine = '';

const setters = new Set<(text: string) => void>();

/** The editor shows a text that came from elsewhere. */
export function onReplace(job: (text: string) => void): void {
  setters.add(job);
}

/** A keystroke: keep it, compute it. */
export function edited(text: string): void {
  if (text === model.text) return;
  keep('text', text);
  forgetLink();
  const another = isAnother(model.text, text);
  if (another) model.startOver();
  model.setText(text);
  if (another) fitSpeed();
}

/** A long story is told faster, as soon as its length is known. */
function fitSpeed(): void {
  const stop = model.follow(['run'], () => {
    stop();
    model.fitSpeed();
  });
}

/** The text is not the one of the link any more. */
export function forgetLink(): void {
  if (isShareFragment(location.hash)) history.replaceState(null, '', location.pathname + location.search);
}

/** Text that somebody pasted takes the place of the whole text. */
export function pasted(text: string): void {
  forgetLink();
  replace(text, words.texts.kept);
  fitSpeed();
  pristine = '';
}

/** Puts a text into the editor and keeps the one it replaces, if somebody wrote it. */
export function replace(text: string, says: string): void {
  const before = model.text;
  const worth = before !== '' && before !== pristine && before !== text;
  pristine = text;
  put(text);
  if (!worth) return;
  keep('before', before);
  notify({ text: says, action: { title: words.texts.back, run: () => put(before) } });
}

function put(text: string): void {
  keep('text', text);
  if (isAnother(model.text, text)) model.startOver();
  else model.forgetEdit();
  model.setText(text);
  for (const job of setters) job(text);
}

let asked = 0;

/** Texts take a while to come, and the last one asked for is the one that is wanted: says whether this is still it. */
export function latest(): () => boolean {
  const mine = ++asked;
  return () => mine === asked;
}

export async function openGallery(slug: string): Promise<void> {
  const load = slug === DEFAULT_SLUG ? async () => defaultText : lazy[`../../gallery/${slug}.yaml`];
  if (!load) return;
  const isLatest = latest();
  const text = await load();
  if (!isLatest()) return;
  history.replaceState(null, '', location.pathname + location.search);
  model.seek(0);
  model.fitted = true;
  model.select(null);
  replace(text, words.texts.kept);
  fitSpeed();
}

/** The text that a gallery entry or a link has taken the place of, if it is not back already. */
export function textBefore(): string | null {
  const before = recall('before');
  return before && before !== model.text ? before : null;
}

export function bringBack(): void {
  const before = textBefore();
  if (before) put(before);
}

/** The text the page opens with, before the core is there. A link needs the core and comes after. */
export function firstText(): string {
  const stored = recall('text');
  pristine = defaultText;
  return stored?.trim() ? stored : defaultText;
}

/** Brings the face to the front that a link asks for. */
function showView(view: string | undefined): void {
  if (view === 'editor') showFace('text');
  if (view === 'timeline') showFace('timeline');
  if (view && view !== 'editor') showTable(view === 'table');
}

/** Opens the link in the address bar, if there is one. True if a link was opened. */
export function openLink(): { t?: number; sel?: number; view?: string } | null {
  if (!isShareFragment(location.hash)) return null;
  const decoded = model.ask((core) => core.decode_link(location.hash), { error: words.texts.badLink });
  if (decoded.error !== undefined || decoded.text === undefined) {
    notify({ text: words.core(decoded.error ?? words.texts.badLink), error: true });
    return null;
  }
  const { view, seed } = linkOptions(location.hash);
  if (seed !== undefined && seed !== model.seed) model.setSeed(seed);
  showView(view);
  if (decoded.text !== model.text) replace(decoded.text, words.texts.shared);
  return {
    ...(decoded.t_us === undefined ? {} : { t: decoded.t_us }),
    ...(decoded.sel === undefined ? {} : { sel: decoded.sel }),
    ...(decoded.view === undefined ? {} : { view: decoded.view }),
  };
}
