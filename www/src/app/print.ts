// Printing: the figure and the whole manifest as text, not what happens to be scrolled into sight. The figure needs a
// moment to be made, so the page's own button makes it first; a print by the browser's menu shows the timeline as it is.

import { model } from './context.ts';

/** A4 at 96 dots an inch, without its margins, sideways. */
const WIDTH = 1000;

function sheet(): HTMLElement {
  const known = document.querySelector<HTMLElement>('.print-sheet');
  if (known) return known;
  const made = document.createElement('section');
  made.className = 'print-sheet';
  document.body.prepend(made);
  return made;
}

/** Title, figure (when it was made) and manifest. */
function fill(figure: HTMLImageElement | null): void {
  const title = document.createElement('h1');
  title.textContent = model.info.title || 'Podscope';
  const text = document.createElement('pre');
  text.textContent = model.text;
  const before = figure ?? sheet().querySelector('img');
  sheet().replaceChildren(title, ...(before ? [before] : []), text);
  document.documentElement.classList.toggle('has-figure', Boolean(before));
}

export function startPrint(): void {
  addEventListener('beforeprint', () => fill(null));
  addEventListener('afterprint', () => {
    const made = sheet();
    const url = made.querySelector('img')?.src;
    if (url) URL.revokeObjectURL(url);
    made.replaceChildren();
    document.documentElement.classList.remove('has-figure');
  });
}

/** Makes the figure, then prints. */
export async function printPage(): Promise<void> {
  const svg = model.ask((core) => core.svg(WIDTH, false), '');
  const figure = new Image();
  figure.alt = model.info.title || 'Podscope';
  figure.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  await figure.decode().catch(() => undefined);
  fill(figure);
  print();
}
