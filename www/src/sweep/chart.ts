// Outcome against value as a small chart: bars of the time to ready, a dot for each restart, safe values on a green
// ground. The table beside it says the same in words.

import { nothing, svg } from 'lit';
import type { SweepPoint } from '../core/contract.ts';

const WIDTH = 640;
const HEIGHT = 150;
const FOOT = 22;
const HEAD = 12;

export function chart(points: readonly SweepPoint[], total: number, now: number, label: string) {
  const step = WIDTH / Math.max(1, total);
  const longest = Math.max(1, ...points.map((p) => p.ready_us ?? 0));
  const most = Math.max(1, ...points.map((p) => p.restarts));
  const floor = HEIGHT - FOOT;
  const every = Math.ceil(28 / step);
  return svg`<svg class="sweep-chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    ${points.map((p, i) => {
      const x = i * step;
      const tall = ((p.ready_us ?? 0) / longest) * (floor - HEAD - 8);
      const y = floor - HEAD - (p.restarts / most) * (floor - HEAD - 10);
      return svg`<g>
        <rect class=${p.safe ? 'sweep-safe' : 'sweep-unsafe'} x=${x} y="0" width=${step} height=${floor}></rect>
        <rect class="sweep-ready" x=${x + step * 0.28} y=${floor - tall} width=${step * 0.44} height=${tall} rx="1.5"></rect>
        ${p.restarts > 0 ? svg`<circle class="sweep-restarts" cx=${x + step / 2} cy=${y} r=${Math.min(4, step / 3)}></circle>` : nothing}
        ${p.value === now ? svg`<rect class="sweep-now" x=${x + 1} y="1" width=${step - 2} height=${floor - 2} rx="3"></rect>` : nothing}
        ${i % every === 0 ? svg`<text class="sweep-tick" x=${x + step / 2} y=${HEIGHT - 6} text-anchor="middle">${p.value}</text>` : nothing}
      </g>`;
    })}
    <line class="sweep-floor" x1="0" x2=${WIDTH} y1=${floor} y2=${floor}></line>
  </svg>`;
}
