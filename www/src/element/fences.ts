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

/** Where frameworks put what a server has drawn, to take it over later: Vue, VitePress, Docusaurus, Next, Nuxt, Astro. */
const ROOTS = '#app, #root, #__docusaurus, #__next, #__nuxt, astro-island[ssr]';

/** So long a page whose root is nobody's is waited for, in milliseconds after it has loaded. */
const PATIENCE = 3000;

let loadedAt = Number.POSITIVE_INFINITY;

/**
 * Whether a block may be touched. A framework that takes over a server's markup takes a node that it does not know for
 * a mistake, and throws away its neighbours; until it has come by, the block stays as it is.
 */
function settled(block: Element): boolean {
  const root = block.closest(ROOTS);
  if (!root || performance.now() - loadedAt > PATIENCE) return true;
  if (root.localName === 'astro-island') return false;
  // Vue marks its root when all is taken over, React each node when it is taken over.
  return '__vue_app__' in root || Object.keys(block).some((key) => key.startsWith('__reactFiber$'));
}

/** Makes elements of the blocks below a node. Returns how many are new. */
export function upgradeFences(root: ParentNode = document): number {
  return upgrade(root, () => true);
}

function upgrade(root: ParentNode, may: (block: Element) => boolean): number {
  let count = 0;
  for (const node of Array.from(root.querySelectorAll(BLOCKS))) {
    const block = blockOf(node);
    if (made.has(block) || block.closest('pod-scope') || !may(block)) continue;
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
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    asked = false;
    clearTimeout(timer);
    for (const [block, element] of made) {
      if (block.isConnected) continue;
      element.remove();
      made.delete(block);
    }
    let waiting = false;
    upgrade(document, (block) => {
      const may = settled(block);
      waiting ||= !may;
      return may;
    });
    if (waiting) timer = setTimeout(look, 100);
  };
  const observer = new MutationObserver(() => {
    if (asked) return;
    asked = true;
    queueMicrotask(look);
  });
  const loaded = (): void => {
    loadedAt = performance.now();
  };
  if (document.readyState === 'complete') loaded();
  else addEventListener('load', loaded, { once: true });
  const begin = (): void => {
    look();
    observer.observe(document.body, { childList: true, subtree: true });
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin, { once: true });
  else begin();
  return () => {
    observer.disconnect();
    clearTimeout(timer);
  };
}
