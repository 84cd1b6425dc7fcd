// A number in the text that can be dragged: where it is and what a drag makes of it.

export interface NumberToken {
  from: number;
  to: number;
  value: number;
  decimals: number;
  /** The unit that follows, as in `10s`. */
  suffix: string;
}

/** Numbers that are values of YAML keys, e.g. `periodSeconds: 5`, `at: 34s`, `{port: 8080}`. */
export function numbersIn(line: string): NumberToken[] {
  const out: NumberToken[] = [];
  const comment = line.search(/(^|\s)#/);
  const text = comment < 0 ? line : line.slice(0, comment);
  for (const match of text.matchAll(/(:\s+)(\d+(?:\.\d+)?)(ms|us|s|m|h|Mi|Gi|Ki)?(?=\s*(?:$|[,}\]]))/g)) {
    const digits = match[2] ?? '';
    const from = match.index + (match[1] ?? '').length;
    const decimals = digits.includes('.') ? digits.length - digits.indexOf('.') - 1 : 0;
    out.push({ from, to: from + digits.length, value: Number(digits), decimals, suffix: match[3] ?? '' });
  }
  return out;
}

/** The number after a drag of so many pixels: a step every six pixels, coarser with large numbers, never negative. */
export function dragged(token: NumberToken, px: number): string {
  const steps = Math.trunc(px / 6);
  const unit = token.decimals > 0 ? 10 ** -token.decimals : token.value >= 1000 ? 10 : 1;
  const value = Math.max(0, token.value + steps * unit);
  return value.toFixed(token.decimals);
}
