// Light, dark or as the system says. Canvas colours are read anew whenever it changes.

import { keep, recall } from '../lib/storage.ts';

export type Theme = 'auto' | 'light' | 'dark';

const order: Theme[] = ['auto', 'light', 'dark'];
const listeners = new Set<() => void>();

export function theme(): Theme {
  const stored = document.documentElement.dataset.theme;
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

function apply(next: Theme): void {
  if (next === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  for (const job of listeners) job();
}

export function cycleTheme(): void {
  const next = order[(order.indexOf(theme()) + 1) % order.length] ?? 'auto';
  keep('theme', next === 'auto' ? null : next);
  apply(next);
}

export function onTheme(job: () => void): void {
  listeners.add(job);
}

export function isDark(): boolean {
  const now = theme();
  return now === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : now === 'dark';
}

/** Applies the kept choice and follows the system's. */
export function startTheme(): void {
  const kept = recall('theme');
  if (kept === 'light' || kept === 'dark') apply(kept);
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', () => {
      for (const job of listeners) job();
    });
  }
}
