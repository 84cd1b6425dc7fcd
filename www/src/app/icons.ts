// The few icons of the page, drawn on a 16 × 16 grid with one stroke width.

import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

function icon(body: SVGTemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${body}</svg>`;
}

export const icons = {
  play: () =>
    icon(
      svg`<path d="M4.5 2.8v10.4a.6.6 0 0 0 .9.5l8.2-5.2a.6.6 0 0 0 0-1L5.4 2.3a.6.6 0 0 0-.9.5z" fill="currentColor" stroke="none"/>`,
    ),
  pause: () => icon(svg`<path d="M5 3v10M11 3v10" stroke-width="2.4"/>`),
  prev: () => icon(svg`<path d="M10.5 3.5 6 8l4.5 4.5M3.5 3.5v9"/>`),
  next: () => icon(svg`<path d="M5.5 3.5 10 8l-4.5 4.5M12.5 3.5v9"/>`),
  start: () => icon(svg`<path d="M3.5 3.5v9M12.5 4 6.5 8l6 4z"/>`),
  surprise: () => icon(svg`<path d="M8.8 1.8 3.5 9h4l-.6 5.2L12.5 7h-4z"/>`),
  fit: () => icon(svg`<path d="M2.5 4v8M13.5 4v8M4.8 8h6.4M6.5 5.8 4.5 8l2 2.2M9.5 5.8l2 2.2-2 2.2"/>`),
  chevron: () => icon(svg`<path d="m4.5 6.2 3.5 3.6 3.5-3.6"/>`),
  light: () =>
    icon(
      svg`<circle cx="8" cy="8" r="2.8"/><path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1"/>`,
    ),
  dark: () => icon(svg`<path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z"/>`),
  auto: () =>
    icon(svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" stroke="none"/>`),
  share: () => icon(svg`<path d="M8 9.8V2M5.2 4.6 8 1.9l2.8 2.7M3 8.5v4.2c0 .5.4.8.8.8h8.4c.4 0 .8-.3.8-.8V8.5"/>`),
  close: () => icon(svg`<path d="m4 4 8 8M12 4l-8 8"/>`),
  search: () => icon(svg`<circle cx="7" cy="7" r="4.2"/><path d="m10.2 10.2 3.3 3.3"/>`),
  table: () => icon(svg`<path d="M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.2 3.5v9"/>`),
  link: () =>
    icon(
      svg`<path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2A2.6 2.6 0 0 0 9 3.3l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.9-.9"/>`,
    ),
  copy: () => icon(svg`<path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z"/>`),
  branch: () => icon(svg`<path d="M4.5 2.5v11M4.5 9.5c0-2.6 6.5-1.6 6.5-5.4M8.8 5.8 11 3.4l2.2 2.4"/>`),
  pin: () => icon(svg`<path d="M5.2 2.5h5.6M6.2 2.5v4L4 9.2h8L9.8 6.5v-4M8 9.2v4.6"/>`),
  sweep: () => icon(svg`<path d="M2.5 13.5h11M4 11V8.5M7 11V5M10 11V6.8M13 11V3"/>`),
  real: () => icon(svg`<path d="M2.5 4.5h7M2.5 8h4M2.5 11.5h6M10.5 9.5l1.8 1.8 3-3.6"/>`),
  save: () => icon(svg`<path d="M8 2.5v7.2M5.2 7 8 9.8 10.8 7M3 11v1.8c0 .5.4.8.8.8h8.4c.4 0 .8-.3.8-.8V11"/>`),
  print: () => icon(svg`<path d="M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z"/>`),
  check: () => icon(svg`<path d="m3 8.5 3.2 3.2L13 4.8"/>`),
};

export function mark(): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
    <rect x="1.5" y="5" width="13" height="4" rx="2" class="mark-a"/>
    <rect x="5" y="10.5" width="10" height="4" rx="2" class="mark-b"/>
    <rect x="9.5" y="16" width="6" height="4" rx="2" class="mark-c"/>
    <path d="M18 2v20" class="mark-line"/><circle cx="18" cy="3.6" r="2.6" class="mark-dot"/>
  </svg>`;
}
