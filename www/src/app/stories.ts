// The prose of the gallery's scenarios in the reader's language. A scenario brings its own words, in English; while title and
// description stand as the gallery has them, other languages show theirs.

import type { Searchable } from '../lib/search.ts';
import { language, onWords } from '../words/words.ts';
import type { Told } from '../words/zh-gallery.ts';
import { model } from './context.ts';
import { hold } from './frame.ts';

interface Known extends Told {
  /** The description it stands for, on one line. */
  summary: string;
}

let byTitle: Map<string, Known> | null = null;
let bySlug: Record<string, Told> = {};

async function load(): Promise<void> {
  if (language !== 'zh' || byTitle) return;
  const release = hold('stories');
  try {
    const [{ told }, { catalogue }] = await Promise.all([import('../words/zh-gallery.ts'), import('virtual:gallery')]);
    bySlug = told;
    byTitle = new Map();
    for (const row of catalogue) {
      const here = told[row.slug];
      if (here) byTitle.set(row.title, { ...here, summary: row.summary });
    }
    model.emit('run');
  } catch {
    // Without the network the scenarios stay in English.
  } finally {
    release();
  }
}

/** Call before the language is chosen. */
export function startStories(): void {
  onWords(() => void load());
}

/** What a scenario of the gallery says in the reader's language, if it was not written anew. */
export function tell(title: string | null | undefined, description: string | null | undefined): Told | null {
  if (language !== 'zh') return null;
  const known = byTitle?.get(title ?? '');
  return known && known.summary === (description ?? '').replace(/\s+/g, ' ').trim() ? known : null;
}

/** The title to show for the scenario that runs. */
export function titleNow(): string {
  const { title, description } = model.info;
  return tell(title, description)?.title ?? title ?? '';
}

/** A row of the list in the reader's language; it is still found by its English words. */
export function rowIn<T extends Searchable>(row: T): T {
  const here = language === 'zh' ? bySlug[row.slug] : undefined;
  if (!here) return row;
  return {
    ...row,
    title: here.title,
    summary: here.text,
    symptoms: `${row.symptoms ?? ''}, ${row.title}, ${row.summary}`,
  };
}
