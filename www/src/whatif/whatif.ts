// What if: a menu at the playhead, or at the point of the timeline that was clicked, that writes a step, a fault or a
// failing probe into the scenario. The core makes the change; the editor applies it, so that it can be undone.

import { html, nothing } from 'lit';
import { announce, model, View } from '../app/context.ts';
import { cssom } from '../app/cssom.ts';
import type { Edit, LaneRow, WhatIf as What } from '../core/contract.ts';
import { editor } from '../editor/editor.ts';
import { words } from '../words/words.ts';

const containers = new Set(['container', 'sidecar', 'init-container']);
const probes = new Set(['startup', 'liveness', 'readiness']);
/** More Pods than this are not listed, and of a crowd not more are asked about. */
const MOST_PODS = 5;
const MOST_TRIED = 60;

interface Choice {
  what: What;
  says: string;
  pod: string;
  container: string;
}

/** Something that can happen at the instant, with the change that writes it. */
interface Offer {
  says: string;
  edit: Edit;
}

/** The lane and the lanes it lies in, the innermost first. */
function outwards(id: number | null): LaneRow[] {
  const byId = model.laneById;
  const out: LaneRow[] = [];
  let at = id === null ? undefined : byId.get(id);
  while (at && out.length < 8) {
    out.push(at);
    at = at.parent === null || at.parent === undefined ? undefined : byId.get(at.parent);
  }
  return out;
}

/** What can be done to a Pod, or only to its container under the pointer. */
function choicesOf(pod: LaneRow, containerHere: LaneRow | undefined): Choice[] {
  const list: Choice[] = [{ what: 'delete', says: words.whatif.remove(pod.name), pod: pod.name, container: '' }];
  for (const container of model.lanes.filter((l) => containers.has(l.kind) && l.parent === pod.id)) {
    if (containerHere && container !== containerHere) continue;
    const who = { pod: pod.name, container: container.name };
    list.push({ what: 'kill', says: words.whatif.kill(container.name), ...who });
    for (const probe of model.lanes.filter((l) => probes.has(l.kind) && l.parent === container.id)) {
      list.push({ what: `fail-${probe.kind}` as What, says: words.whatif.fail(probe.kind, container.name), ...who });
    }
  }
  return list;
}

/**
 * What can be done to the Pod under the pointer, else to some Pods of the workload under it, else to some of all. The core
 * makes every change and refuses what cannot happen then: only the rest is offered.
 */
function offers(us: number, lane: number | null): { list: Offer[]; refused: string } {
  const objects = model.ask((core) => core.objects(), []);
  const around = outwards(lane);
  const podHere = around.find((l) => l.kind === 'pod');
  const containerHere = around.find((l) => containers.has(l.kind));
  const owner = around.find((l) => l.kind === 'workload');
  const pods = podHere
    ? [podHere]
    : model.lanes.filter((l) => l.kind === 'pod' && (!owner || outwards(l.id).includes(owner)));
  const list: Offer[] = [];
  let refused = '';
  const offer = ({ what, says, pod, container }: Choice): boolean => {
    const namespace = objects.find((o) => o.kind === 'Pod' && o.name === pod)?.namespace ?? '';
    const edit = model.ask((core) => core.what_if(what, us, namespace, pod, container), null);
    if (edit && !edit.error) list.push({ says, edit });
    else refused ||= edit?.error ?? '';
    return Boolean(edit && !edit.error);
  };
  let found = 0;
  for (const pod of pods.slice(0, MOST_TRIED)) {
    if (found === MOST_PODS) break;
    if (choicesOf(pod, containerHere).map(offer).some(Boolean)) found++;
  }
  // A kubelet without anything on it is nobody's question.
  if (list.length > 0) offer({ what: 'kubelet-restart', says: words.whatif.restart, pod: '', container: '' });
  return { list, refused };
}

class WhatIf extends View {
  private list: Offer[] = [];
  private refused = '';
  private at: { us: number; lane: number | null; x: number; y: number } | null = null;
  private from: HTMLElement | null = null;

  show(us: number, lane: number | null, x: number, y: number): void {
    this.from = document.activeElement as HTMLElement | null;
    this.at = { us, lane, x, y };
    Object.assign(this, offers(us, lane));
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.place();
      (this.querySelector<HTMLElement>('[role=menuitem]') ?? this.querySelector<HTMLElement>('.menu'))?.focus();
    });
    addEventListener('pointerdown', this.outside, true);
  }

  private readonly outside = (event: PointerEvent): void => {
    if (!this.contains(event.target as Node)) this.hide(false);
  };

  private hide(back = true): void {
    removeEventListener('pointerdown', this.outside, true);
    if (!this.at) return;
    this.at = null;
    this.requestUpdate();
    if (back) this.from?.focus();
  }

  /** Keeps the menu inside the window. */
  private place(): void {
    const menu = this.querySelector<HTMLElement>('.menu');
    if (!menu || !this.at) return;
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(this.at.x, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(this.at.y, innerHeight - height - 8))}px`;
  }

  private take({ says, edit }: Offer): void {
    this.hide();
    const box = editor();
    box?.change(edit.from, edit.to, edit.text);
    box?.reveal(edit.from, edit.from + edit.text.trimEnd().length);
    announce(words.whatif.done(says));
  }

  private onKey(event: KeyboardEvent): void {
    event.stopPropagation();
    const items = [...this.querySelectorAll<HTMLElement>('[role=menuitem]')];
    const here = items.indexOf(document.activeElement as HTMLElement);
    const go = (n: number) => {
      event.preventDefault();
      items[(n + items.length) % items.length]?.focus();
    };
    if (event.key === 'Escape') this.hide();
    else if (event.key === 'Tab') this.hide();
    else if (event.key === 'ArrowDown') go(here + 1);
    else if (event.key === 'ArrowUp') go(here - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(-1);
  }

  override render() {
    if (!this.at) return nothing;
    const { list } = this;
    const none = this.refused ? words.core(this.refused) : words.whatif.none;
    return html`<div class="menu" role=${list.length > 0 ? 'menu' : 'dialog'} tabindex="-1" aria-label=${words.whatif.title(this.at.us)} @keydown=${this.onKey} ${cssom({ left: '0px', top: '0px' })}>
      <p class="menu-title">${words.whatif.title(this.at.us)}</p>
      ${list.map(
        (offer) =>
          html`<button role="menuitem" tabindex="-1" class="menu-item" @click=${() => this.take(offer)}>${offer.says}</button>`,
      )}
      <p class="menu-hint">${list.length > 0 ? words.whatif.hint : none}</p>
    </div>`;
  }
}

customElements.define('ps-whatif', WhatIf);

/** Opens the menu for an instant, at a point of the window. */
export function openWhatIf(us: number, lane: number | null, x: number, y: number): void {
  model.whenRun(() => (document.querySelector('ps-whatif') as WhatIf | null)?.show(us, lane, x, y));
}

/** Opens it for the playhead, beside it. */
export function whatIfNow(): void {
  model.whenRun(() => {
    const badge = document.querySelector('.tl-badge')?.getBoundingClientRect();
    openWhatIf(model.now, null, badge ? badge.left : innerWidth / 2, badge ? badge.bottom + 4 : 80);
  });
}
