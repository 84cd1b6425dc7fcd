// The colours of the canvas, resolved from the page's custom properties once per theme.

import { contrast, css, mix, parseRgb, type Rgb } from '../lib/colour.ts';
import { REVISIONS } from '../lib/revision.ts';

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
  /** The colours of each style, for areas. */
  tones: Tone[];
  /** Fill of a bar that is yet to come, and the words on it. */
  faint: string[];
  faintInk: string[];
  /** Pods of each revision: in time, to come, and there without being ready (both times). */
  revisions: Tone[];
  bg: string;
  text: string;
  quiet: string;
  line: string;
  soft: string;
  accent: string;
  event: string;
}

/** A colour as areas have it. */
export interface Tone {
  full: string;
  faint: string;
  pale: string;
  faintPale: string;
}

const cache = new Map<string, Palette>();

/** Call after the theme has changed. */
export function forgetPalette(): void {
  cache.clear();
}

/** The colours of an area. */
function tone(bg: Rgb, full: Rgb): Tone {
  return {
    full: css(full),
    faint: css(mix(bg, full, 0.36)),
    pale: css(mix(bg, full, 0.24)),
    faintPale: css(mix(bg, full, 0.12)),
  };
}

export function palette(host: HTMLElement): Palette {
  const known = cache.get('now');
  if (known) return known;
  // All at once, so that styles are computed once.
  const probe = document.createElement('i');
  const revisions = Array.from({ length: REVISIONS }, (_, i) => `revision-${i}`);
  const all = [...plain, ...revisions, ...names.map((name) => `s-${name}`)];
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
    tones: fills.map((fill) => tone(bg, fill)),
    // Light words are preferred: they read calmer on a saturated bar, as long as the contrast carries them.
    ink: fills.map((fill) => css(contrast(fill, light) >= 4.3 ? light : dark)),
    faint: fills.map((fill) => css(mix(bg, fill, 0.24))),
    faintInk: fills.map((fill) => css(mix(fill, text, 0.62))),
    revisions: revisions.map((name) => tone(bg, read(name))),
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
