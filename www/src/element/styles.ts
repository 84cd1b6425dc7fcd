// The element's style sheet: the page's tokens and the page's timeline, taken over so that both look the same, and the
// frame around them. It is adopted by each shadow root, which a page's Content-Security-Policy need not allow.

import timeline from '../styles/timeline.css?inline';
import tokens from '../styles/tokens.css?inline';
import own from './element.css?inline';

/** The page's rules for its root are the element's rules for itself. */
function scoped(css: string): string {
  return css
    .replace(/:root\[data-theme=(["']?)(\w+)\1\]/g, ':host([theme="$2"])')
    .replaceAll(':root', ':host')
    .replaceAll('ps-timeline', '.timeline');
}

let sheet: CSSStyleSheet | null = null;

export function adopt(root: ShadowRoot): void {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(scoped(tokens) + scoped(timeline) + own);
  }
  root.adoptedStyleSheets = [sheet];
}
