// Measures the letters of the bars' font, so that the core knows which words fit.

export interface Letters {
  mean: number;
  /** Of the 95 printable ASCII characters, from the space on. */
  advances: number[];
}

export function measureLetters(font: string): Letters {
  const ctx = document.createElement('canvas').getContext('2d');
  if (!ctx) return { mean: 6.5, advances: [] };
  ctx.font = font;
  const advances = Array.from({ length: 95 }, (_, i) => ctx.measureText(String.fromCharCode(32 + i)).width);
  const small = advances.slice(65, 91);
  return { mean: small.reduce((sum, w) => sum + w, 0) / small.length, advances };
}
