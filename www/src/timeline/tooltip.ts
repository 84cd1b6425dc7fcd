// What is under the pointer, in three lines.

import { html, render } from 'lit';
import { model } from '../app/context.ts';
import { clock, span } from '../lib/format.ts';

export function tooltip(box: HTMLElement, entry: number | null, event: PointerEvent): void {
  const why =
    entry === null || event.pointerType === 'touch' ? undefined : model.ask((core) => core.entry(entry), undefined);
  box.hidden = !why;
  if (!why) return;
  const length = why.end_us === null || why.end_us === undefined ? '' : ` · ${span(why.end_us - why.at_us)}`;
  render(html`<time>${clock(why.at_us)}${length}</time><strong>${why.title}</strong>${why.sentence}`, box);
  const { width, height } = box.getBoundingClientRect();
  const x = Math.min(event.clientX + 14, innerWidth - width - 8);
  const below = event.clientY + 18;
  const y = below + height > innerHeight - 8 ? event.clientY - height - 12 : below;
  box.style.transform = `translate(${Math.max(8, x)}px, ${Math.max(8, y)}px)`;
}
