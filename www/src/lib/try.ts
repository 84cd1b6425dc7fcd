// "Try this": one change that a scenario proposes, in its annotations `try` (the words), `try-from` and `try-to` (what
// stands in the text now, and what should). Both are quoted as in JSON.

export interface Try {
  says: string;
  /** Where the change goes, and what it puts there. */
  from: number;
  to: number;
  text: string;
  /** Whether the change has been made already, and can be told apart: then this takes it back. */
  made: boolean;
}

const annotation = (text: string, name: string) =>
  new RegExp(`^ {4}${name}: (.+)$`, 'm').exec(text.slice(Math.max(0, text.search(/^kind: Scenario$/m))))?.[1];

function quoted(source: string | undefined): string | null {
  try {
    const value: unknown = JSON.parse(source ?? '');
    return typeof value === 'string' && value !== '' ? value : null;
  } catch {
    return null;
  }
}

/** The only place of a piece of text outside the annotations that speak of it; null if it is not there just once. */
function onlyPlace(text: string, piece: string): number | null {
  const bare = text.replace(/^ {4}try(-from|-to)?: .*$/gm, (line) => ' '.repeat(line.length));
  const at = bare.indexOf(piece);
  const whole = (i: number) => !/\w/.test(bare[i + piece.length] ?? '') || !/\w$/.test(piece);
  const all: number[] = [];
  for (let i = at; i >= 0; i = bare.indexOf(piece, i + 1)) if (whole(i)) all.push(i);
  return all.length === 1 ? (all[0] ?? null) : null;
}

/** The change that the text proposes, if it can be made or taken back here. */
export function tryIn(text: string): Try | null {
  const says = annotation(text, 'try')?.replace(/^"(.*)"$/, '$1');
  const before = quoted(annotation(text, 'try-from'));
  const after = quoted(annotation(text, 'try-to'));
  if (!says || before === null || after === null) return null;
  const here = onlyPlace(text, before);
  const there = onlyPlace(text, after);
  const made = there !== null && (here === null || after.includes(before));
  if (made) return { says, from: there, to: there + after.length, text: before, made };
  return here === null ? null : { says, from: here, to: here + before.length, text: after, made };
}
