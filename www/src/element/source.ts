// Where an element's text comes from: an attribute with a link's payload, an address, or the element's own children.

/** As much as the core reads. */
const LONGEST = 1 << 20;

/** A link's fragment from what authors write: `1.abc`, `s=1.abc`, `#s=1.abc&t=3s`, or a whole address. */
export function fragmentOf(scenario: string): string {
  const text = scenario.trim();
  const hash = text.indexOf('#');
  const fragment = hash >= 0 ? text.slice(hash + 1) : text;
  return `#${/^(?:.*&)?s=/.test(fragment) ? fragment : `s=${fragment}`}`;
}

/** The text of a block of code as it is read: a `<br>` is the end of a line, and empty lines around it are left out. */
export function textOf(node: Node): string {
  let out = '';
  const walk = (at: Node): void => {
    if (at.nodeName === 'BR') out += '\n';
    else if (at.nodeType === 3) out += at.nodeValue ?? '';
    else for (const child of Array.from(at.childNodes)) walk(child);
  };
  walk(node);
  return unindent(out.replace(/^(?:[ \t]*\n)+/, '').replace(/\s+$/, '\n'));
}

/** Takes away the indentation that all lines share, which a page's own markup brings. */
export function unindent(text: string): string {
  const lines = text.split('\n');
  const depths = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const depth = Math.min(...depths);
  return Number.isFinite(depth) && depth > 0 ? lines.map((line) => line.slice(depth)).join('\n') : text;
}

/** The child that holds the text, if there is one. */
export function sourceChild(host: Element): Element | null {
  const ours = 'script[type="application/yaml"], script[type="text/yaml"], template, pre';
  for (const child of Array.from(host.children)) {
    if (child.hasAttribute('slot')) continue;
    if (child.matches(ours)) return child;
    const inside = child.querySelector(ours);
    if (inside) return inside;
  }
  return null;
}

export function childText(host: Element): string {
  const child = sourceChild(host);
  if (!child) return '';
  return textOf(child instanceof HTMLTemplateElement ? child.content : child);
}

export async function fetchText(src: string, base: string): Promise<string> {
  const answer = await fetch(new URL(src, base));
  if (!answer.ok) throw new Error(`${src}: ${answer.status} ${answer.statusText}`);
  const text = await answer.text();
  if (text.length > LONGEST) throw new Error(`${src}: more than 1 MiB`);
  return text;
}

/** `41.2s`, `1m30s`, `250ms` or plain seconds, as microseconds. */
export function instantOf(text: string | null): number | undefined {
  const value = text?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1e6;
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(value)) return undefined;
  const units: Record<string, number> = { h: 3600e6, m: 60e6, s: 1e6, ms: 1e3 };
  let sum = 0;
  for (const [, n, unit] of value.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)) sum += Number(n) * (units[unit ?? ''] ?? 0);
  return sum;
}
