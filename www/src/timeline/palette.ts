// The colours of the canvas, resolved from the page's custom properties once per theme.

import { contrast, css, mix, parseRgb, type Rgb } from '../lib/colour.ts';

const names = [
  'pending',
  'creating',
  'running',
  'unready',
  'succeeded',
  'failed',
  'waiting',
  'terminating',
  'init',
  'sidecar',
  'hook',
  'grace',
  'pulling',
  'true',
  'false',
  'step',
  'endpoint',
  'draining',
  'neutral',
  'grace-left',
  'grace-eaten',
  'note',
]; // prettier-ignore

const plain = ['bg', 'ink', 'bar-light', 'bar-dark', 'ink-3', 'line', 'line-soft', 'accent', 'mark-event'];

export interface Palette {
  /** Fill of a bar that has been, by style, and the words on it. */
  fill: string[];
  ink: string[];
  /** Fill of a bar that is yet to come, and the words on it. */
  faint: string[];
  faintInk: string[];
  bg: string;
  text: string;
  quiet: string;
  line: string;
  soft: string;
  accent: string;
  event: string;
}

const cache = new Map<string, Palette>();

/** Call after the theme has changed. */
export function forgetPalette(): void {
  cache.clear();
}

export function palette(host: HTMLElement): Palette {
  const known = cache.get('now');
  if (known) return known;
  // All at once, so that styles are computed once.
  const probe = document.createElement('i');
  const all = [...plain, ...names.map((name) => `s-${name}`)];
  const parts = new Map(
    all.map((name) => {
      const part = document.createElement('i');
      part.style.color = `var(--${name})`;
      // Else every colour would read as the one that is forced upon words.
      part.style.setProperty('forced-color-adjust', 'none');
      probe.append(part);
      return [name, part];
    }),
  );
  host.append(probe);
  const read = (name: string): Rgb => parseRgb(getComputedStyle(parts.get(name) ?? probe).color);
  const bg = read('bg');
  const text = read('ink');
  const light = read('bar-light');
  const dark = read('bar-dark');
  const fills = names.map((name) => read(`s-${name}`));
  const made: Palette = {
    fill: fills.map(css),
    // Light words are preferred: they read calmer on a saturated bar, as long as the contrast carries them.
    ink: fills.map((fill) => css(contrast(fill, light) >= 4.3 ? light : dark)),
    faint: fills.map((fill) => css(mix(bg, fill, 0.24))),
    faintInk: fills.map((fill) => css(mix(fill, text, 0.62))),
    bg: css(bg),
    text: css(text),
    quiet: css(read('ink-3')),
    line: css(read('line')),
    soft: css(read('line-soft')),
    accent: css(read('accent')),
    event: css(read('mark-event')),
  };
  probe.remove();
  cache.set('now', made);
  return made;
}
