// The page's words in the language of its reader. English comes with the page, others are loaded when they are wanted.
// The language is the one in the address (`?lang=zh`), else the one chosen before, else the first of the browser's that
// is spoken here.

import { keep, recall } from '../lib/storage.ts';
import { en, type Words } from './en.ts';

export type Language = 'en' | 'zh';
export const languages: Record<Language, string> = { en: 'English', zh: '简体中文' };

/** The words. A live binding: read it when something is drawn, never keep it. */
export let words: Words = en;
export let language: Language = 'en';

/** While another language is on its way the page waits with its first picture, so that no word changes under the eye. */
export let loading: Promise<void> | null = null;

const listeners = new Set<() => void>();

/** Runs the job whenever the language has changed. */
export function onWords(job: () => void): () => void {
  listeners.add(job);
  return () => {
    listeners.delete(job);
  };
}

/** The language that a list of tags asks for: the first that is spoken here. */
export function pick(tags: readonly (string | null | undefined)[]): Language {
  for (const tag of tags) {
    const main = tag?.toLowerCase().split(/[-_]/)[0];
    if (main === 'en' || main === 'zh') return main;
  }
  return 'en';
}

/** The other language, for the switch. */
export function other(): Language {
  return language === 'en' ? 'zh' : 'en';
}

async function load(next: Language): Promise<void> {
  try {
    words = next === 'zh' ? (await import('./zh.ts')).zh : en;
    language = next;
  } catch {
    // Without the network the page stays in the language it has.
  }
  loading = null;
  document.documentElement.lang = words.tag;
  for (const job of listeners) job();
}

/** Chooses a language and keeps the choice. */
export async function setLanguage(next: Language): Promise<void> {
  keep('lang', next);
  await load(next);
}

/** Begins with the reader's language. */
export function startWords(): void {
  const asked = new URLSearchParams(location.search).get('lang');
  const first = pick([asked, recall('lang'), ...navigator.languages]);
  if (first !== language) loading = load(first);
}
