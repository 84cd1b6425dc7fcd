// Sets style properties through the CSSOM. The page's Content-Security-Policy forbids style attributes, and that is
// what Lit's styleMap would write on first render.

import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

class Cssom extends Directive {
  private last: Record<string, string> = {};

  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.ELEMENT) throw new Error('cssom() goes on an element');
  }

  render(_style: Record<string, string>): unknown {
    return noChange;
  }

  override update(part: ElementPart, [style]: [Record<string, string>]): unknown {
    const target = (part.element as HTMLElement).style;
    for (const [name, value] of Object.entries(style)) {
      if (this.last[name] !== value) target.setProperty(name, value);
    }
    this.last = style;
    return noChange;
  }
}

/** `<div ${cssom({ top: '3px' })}>` */
export const cssom = directive(Cssom);
