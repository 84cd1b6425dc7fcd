// Fenced blocks of language `podscope` become elements. The block stays where it is, hidden, so that a framework that
// made it can take it away again; its element goes with it.

import { textOf } from './source.ts';

/** How the tools that make pages mark the language of a block. */
const BLOCKS = [
  'pre > code.language-podscope',
  'code.podscope',
  'pre.podscope',
  '.highlight-podscope pre',
  '.language-podscope pre',
  'pre.language-podscope',
  'code[data-lang="podscope"]',
].join(',');

/** Boxes that a tool draws around a block, with its buttons and its language: hidden together with it. */
const BOXES = '.highlight-podscope, div.language-podscope, div.highlight, figure.highlight';

const made = new Map<Element, HTMLElement>();

function blockOf(node: Element): Element {
  let block = node.closest('pre') ?? node;
  for (let box = block.parentElement?.closest(BOXES); box; box = box.parentElement?.closest(BOXES)) block = box;
  return block;
}

/** Makes elements of the blocks below a node. Returns how many are new. */
export function upgradeFences(root: ParentNode = document): number {
  let count = 0;
  for (const node of Array.from(root.querySelectorAll(BLOCKS))) {
    const block = blockOf(node);
    if (made.has(block) || block.closest('pod-scope')) continue;
    const text = textOf(node);
    if (text.trim() === '') continue;
    const element = document.createElement('pod-scope');
    for (const { name, value } of Array.from(block.attributes))
      if (name.startsWith('data-podscope-')) element.setAttribute(name.slice('data-podscope-'.length), value);
    const pre = document.createElement('pre');
    pre.textContent = text;
    element.append(pre);
    block.before(element);
    (block as HTMLElement).hidden = true;
    // A theme's own rule for blocks is often stronger than the attribute.
    (block as HTMLElement).style.setProperty('display', 'none', 'important');
    made.set(block, element);
    count += 1;
  }
  return count;
}

/** The same now and whenever the page changes, as with client-side navigation. Returns what ends it. */
export function watchFences(): () => void {
  let asked = false;
  const look = (): void => {
    asked = false;
    for (const [block, element] of made) {
      if (block.isConnected) continue;
      element.remove();
      made.delete(block);
    }
    upgradeFences();
  };
  const observer = new MutationObserver(() => {
    if (asked) return;
    asked = true;
    queueMicrotask(look);
  });
  const begin = (): void => {
    look();
    observer.observe(document.body, { childList: true, subtree: true });
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin, { once: true });
  else begin();
  return () => observer.disconnect();
}
