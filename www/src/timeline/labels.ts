// The names of the lanes: real elements, so that they can be reached, read and folded.

import { html, nothing } from 'lit';
import { model } from '../app/context.ts';
import { cssom } from '../app/cssom.ts';
import type { LaneRow, Row } from '../core/contract.ts';
import { letterOf, REVISIONS } from '../lib/revision.ts';
import { words } from '../words/words.ts';

const chevron = html`<svg class="icon tl-fold" viewBox="0 0 16 16" aria-hidden="true"><path d="m4.5 6.2 3.5 3.6 3.5-3.6"/></svg>`;

/** A button lower than this is hard to hit with a finger. */
const LEAST = 24;

/** What the label of a lane means, in full. */
function titleOf(lane: LaneRow): string {
  const whole = lane.whole ?? lane.label;
  if (lane.revision === null || lane.revision === undefined) return whole;
  return `${whole} · ${words.timeline.revision(letterOf(lane.revision), lane.hash ?? '')}`;
}

/** The revision of a Pod or ReplicaSet, as a coloured letter. */
function chip(lane: LaneRow) {
  if (lane.revision === null || lane.revision === undefined) return nothing;
  return html`<i class="tl-revision" data-hue=${lane.revision % REVISIONS}>${letterOf(lane.revision)}</i>`;
}

/** So many labels are all made, in sight or not. */
const FEW = 200;

/** The labels of the rows; of very many rows only of those between two heights. */
export function labels(rows: readonly Row[], top: number, bottom: number) {
  const near = rows.length > FEW ? rows.filter((row) => row.y + row.height >= top && row.y <= bottom) : rows;
  return near.map((row) => {
    const lane = model.laneById.get(row.lane);
    if (!lane) return '';
    const grow = lane.foldable ? Math.max(0, LEAST - row.height) : 0;
    // Padding below lifts the name from the middle of the row to the middle of its bars.
    const lift = Math.max(0, row.height - 2 * row.middle);
    const place = cssom({
      top: `${row.y - grow / 2}px`,
      height: `${row.height + grow}px`,
      'padding-left': `calc(20px + ${lane.depth} * var(--indent))`,
      'padding-bottom': `${lift}px`,
    });
    const kind = `tl-label depth-${lane.depth} ${lane.depth === 0 && row.y > 0 ? 'group' : ''} ${grow > 0 ? 'grown' : ''}`;
    const title = titleOf(lane);
    const name = html`${chip(lane)}<span class="tl-name">${lane.label}${lane.note ? html`<small>${lane.note}</small>` : nothing}</span>`;
    if (!lane.foldable) return html`<div class=${kind} title=${title} ${place}>${name}</div>`;
    return html`<button class=${kind} title=${title} aria-expanded=${!model.isFolded(lane.id)} @click=${() => model.toggleFold(lane.id)} ${place}>
      ${chevron}${name}
    </button>`;
  });
}
