// Makes elements without markup, so that no text can ever become any.

type Attributes = Record<string, string | boolean | number>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) continue;
    node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children);
  return node;
}

/** A path on a field of 16 by 16, drawn in the colour of the text. */
export function icon(path: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(space, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

export const icons = {
  play: 'M5 3.2v9.6l7.6-4.8z',
  pause: 'M4.5 3.5h2.4v9H4.5zm4.6 0h2.4v9H9.1z',
  next: 'M4 4v8l5.6-4zm6.6 0h1.6v8h-1.6z',
  prev: 'M12 4v8L6.4 8zM3.8 4h1.6v8H3.8z',
  fold: 'm4.5 6.2 3.5 3.6 3.5-3.6',
};
