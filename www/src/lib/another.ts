// Whether a text is an edit of the one before or another text: pasted over it, or begun from nothing.

/** So many characters at their ends two texts have in common. */
function common(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return head + tail;
}

/** More than half of the old text is gone. */
export function isAnother(before: string, text: string): boolean {
  return common(before, text) * 2 < before.length;
}
