// On a narrow screen the manifest and the timeline take turns.

import { html } from 'lit';
import { words } from '../words/words.ts';
import { View } from './context.ts';

const faces = ['timeline', 'text'] as const;

class Faces extends View {
  private face: string = 'timeline';

  show(face: string): void {
    this.face = face;
    const work = this.closest<HTMLElement>('.work');
    if (work) work.dataset.face = face;
    this.requestUpdate();
  }

  override render() {
    return html`<div class="tabs" role="group" aria-label=${words.faces.show}>
      ${faces.map(
        (face) =>
          html`<button class="tab" aria-pressed=${this.face === face} @click=${() => this.show(face)}>${words.faces[face]}</button>`,
      )}
    </div>`;
  }
}

customElements.define('ps-faces', Faces);

/** Brings the manifest or the timeline to the front where only one fits. */
export function showFace(face: 'timeline' | 'text'): void {
  (document.querySelector('ps-faces') as Faces | null)?.show(face);
}
