// The one model and the page's small state, shared by its components.

import { LitElement } from 'lit';
import type { Ref } from 'lit/directives/ref.js';
import { loading, onWords } from '../words/words.ts';
import { Model, type Topic } from './model.ts';

export const model = new Model();

/** `?testing=1`: no autoplay and no blinking, so that pictures and tests are repeatable. */
export const testing = new URLSearchParams(location.search).has('testing');

export const calm = testing || matchMedia('(prefers-reduced-motion: reduce)').matches;

/** A component of the page: drawn into the page's own tree, drawn anew when one of its topics changes. */
export abstract class View extends LitElement {
  protected topics: Topic[] = [];
  private stops: (() => void)[] = [];

  protected override createRenderRoot(): HTMLElement {
    this.textContent = '';
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.stops.push(
      model.follow(this.topics, () => this.onTopic()),
      onWords(() => this.requestUpdate()),
    );
  }

  /** Words come before the first picture, so that no word changes under the eye. */
  protected override async scheduleUpdate(): Promise<void> {
    if (loading) await loading;
    super.scheduleUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.stops.splice(0)) stop();
  }

  protected onTopic(): void {
    this.requestUpdate();
  }
}

/** Opens a dialog as soon as it is drawn: while the words are on their way it is not there yet. */
export async function showDialog(view: View, dialog: Ref<HTMLDialogElement>): Promise<void> {
  await view.updateComplete;
  if (!dialog.value?.open) dialog.value?.showModal();
}

/** Says something to people who listen to the page. */
export function announce(text: string): void {
  const live = document.getElementById('live');
  if (live && live.textContent !== text) live.textContent = text;
}

/** Opens one of the dialogs of the page by its tag. */
export function open(tag: 'ps-gallery' | 'ps-share' | 'ps-help' | 'ps-sweep' | 'ps-reality'): void {
  (document.querySelector(tag) as (HTMLElement & { show(): void }) | null)?.show();
}
