// Revisions of a template by order of appearance: a letter and a colour each.

/** Colours of revisions; they come again after the last. */
export const REVISIONS = 6;

/** A to Z, then A again. */
export const letterOf = (revision: number): string => String.fromCharCode(65 + (revision % 26));
