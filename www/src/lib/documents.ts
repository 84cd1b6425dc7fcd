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
        first(body, /^metadata:[ \t]*\{.*?\bname:[ \t]*([^,}\n]+)/m) ||
        first(body, /"metadata":\s*\{[^{}]*?"name":\s*"([^"]+)"/);
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

/** Where in the text the name of a document is written: that of its object, else that of its file. */
export function nameIn(text: string, document: Document): { from: number; to: number } | null {
  const body = text.slice(document.from, document.to);
  for (const pattern of [
    /^metadata:[^\n]*\n(?:[ \t]+[^\n]*\n)*? {2}name:[ \t]*(["']?)([^#\s"']+)/dm,
    /^metadata:[ \t]*\{(?:.*?[{,\s])?name:[ \t]*(["']?)([^,}\s"']+)/dm,
    /^\s*#()[ \t]*(\S+\.(?:ya?ml|json))[ \t]*$/dm,
  ]) {
    const at = pattern.exec(body)?.indices?.[2];
    if (at) return { from: document.from + at[0], to: document.from + at[1] };
  }
  return null;
}

/** What has to be taken out of the text to be rid of a document and of one line that parts it from the others. */
export function removal(text: string, list: readonly Document[], index: number): { from: number; to: number } {
  const document = list[index];
  const before = list[index - 1];
  if (!document) return { from: 0, to: 0 };
  if (index + 1 < list.length || !before) {
    const end = text.indexOf('\n', document.to);
    return { from: document.from, to: end < 0 ? text.length : end + 1 };
  }
  return { from: before.to, to: text.length };
}

/** What to put at the end of the text to add a template. Its objects get names that no other object has. */
export function addition(text: string, list: readonly Document[], template: string): string {
  const name = /^ {2}name:[ \t]*(\S+)$/m.exec(template)?.[1];
  const kinds = [...template.matchAll(/^kind:[ \t]*(\S+)$/gm)].map((found) => found[1]);
  const taken = (fresh: string) => list.some((d) => kinds.some((kind) => d.name === `${kind} ${fresh}`));
  let fresh = name ?? '';
  for (let n = 2; name && taken(fresh); n++) fresh = `${name}-${n}`;
  const named = name ? template.replaceAll(new RegExp(`(: )${name}(?=$|[,}])`, 'gm'), `$1${fresh}`) : template;
  const apart = text.trim() === '' ? '' : `${text.endsWith('\n') ? '' : '\n'}---\n`;
  return apart + named;
}
