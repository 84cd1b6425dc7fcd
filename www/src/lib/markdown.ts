// The little Markdown that a scenario's description may use: paragraphs, `code`, **strong**, *emphasis*. The result is
// data; it is rendered as text nodes, so nothing in a manifest ever becomes HTML.

export interface Run {
  kind: 'text' | 'code' | 'strong' | 'em';
  text: string;
}

export function paragraphs(source: string): Run[][] {
  return source
    .trim()
    .split(/\n\s*\n/)
    .map((part) => runs(part.replace(/\s+/g, ' ').trim()))
    .filter((part) => part.length > 0);
}

export function runs(line: string): Run[] {
  const out: Run[] = [];
  const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*/g;
  let at = 0;
  for (const match of line.matchAll(pattern)) {
    if (match.index > at) out.push({ kind: 'text', text: line.slice(at, match.index) });
    if (match[1] !== undefined) out.push({ kind: 'code', text: match[1] });
    else if (match[2] !== undefined) out.push({ kind: 'strong', text: match[2] });
    else out.push({ kind: 'em', text: match[3] ?? '' });
    at = match.index + match[0].length;
  }
  if (at < line.length) out.push({ kind: 'text', text: line.slice(at) });
  return out;
}
