// The documents of a text: where each begins, and what it is called. Knows just enough YAML for a list to jump from.

export interface Document {
  /** Where its first line begins, and where it ends. */
  from: number;
  to: number;
  /** `Pod web`, or the name of the file it came from; may be empty. */
  name: string;
  /** The name of the file that a comment in its first line gives; may be empty. */
  file: string;
}

/** More documents than this are not listed. */
const MOST = 200;

const first = (body: string, pattern: RegExp) =>
  pattern
    .exec(body)?.[1]
    ?.trim()
    .replace(/^(['"])(.*)\1$/, '$2') ?? '';

/** All documents that hold something, in their order. */
export function documents(text: string): Document[] {
  const found: Document[] = [];
  const parts = /^---(?:[ \t].*)?$/gm;
  let from = 0;
  for (let end = false; !end && found.length < MOST; ) {
    const mark = parts.exec(text);
    end = mark === null;
    const to = mark?.index ?? text.length;
    const body = text.slice(from, to);
    if (/^\s*[^\s#]/m.test(body)) {
      const kind = first(body, /^kind:[ \t]*([^#\n]+)/m) || first(body, /^\{?[^\n]*?"kind":[ \t]*"([^"]+)"/m);
      const name =
        first(body, /^metadata:[^\n]*\n(?:[ \t]+[^\n]*\n)*?( {2}name:[ \t]*[^#\n]+)/m).replace(/^name:\s*/, '') ||
        first(body, /^metadata:[ \t]*\{.*?\bname:[ \t]*([^,}\n]+)/m);
      const file = first(body, /^\s*#[ \t]*(\S+\.(?:ya?ml|json))[ \t]*$/m);
      const shown = kind === 'Scenario' ? kind : `${kind} ${name}`.trim();
      // Behind the break of the line that parts it from the one before.
      const start = from + (/^\s*\n/.exec(body)?.[0].length ?? 0);
      found.push({ from: start, to, name: shown || file, file });
    }
    if (mark) from = mark.index + mark[0].length;
  }
  return found;
}

/** The document in which a place of the text lies. */
export function documentAt(list: readonly Document[], offset: number): number {
  const at = list.findLastIndex((d) => d.from <= offset);
  return Math.max(0, at);
}
