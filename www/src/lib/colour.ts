// Arithmetic on colours for the canvas.

export type Rgb = readonly [number, number, number];

/** Reads what `getComputedStyle` gives: `rgb(1, 2, 3)`, `rgba(…)`, `color(srgb 0.1 0.2 0.3)`. */
export function parseRgb(text: string): Rgb {
  const numbers = [...text.matchAll(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g)].map((m) => Number(m[0]));
  const scale = text.startsWith('color(') ? 255 : 1;
  const at = (i: number) => Math.round(Math.min(255, Math.max(0, (numbers[i] ?? 0) * scale)));
  return [at(0), at(1), at(2)];
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r}, ${g}, ${b})`;
}

/** `share` of `b` in `a`. */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * share);
  return [at(0), at(1), at(2)];
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((v) => {
    const s = v / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of WCAG, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}
