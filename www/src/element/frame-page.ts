// `embed.html`: one element that fills a frame. What stands after `#` are the link and the element's attributes; what
// the page around says is heard, what happens is told. The frame does not know who embeds it: it answers its parent
// alone, and says nothing that is not shown.

import type { FrameReport, PodScopeElement } from './api.ts';
import { pack, readCommand } from './messages.ts';
import { setPlayground } from './playground.ts';
import { definePodScope } from './pod-scope.ts';

/** Parameters that are attributes of the element, and what links call some of them. */
const ATTRIBUTES: Record<string, string> = {
  src: 'src',
  view: 'view',
  at: 'at',
  t: 'at',
  play: 'play',
  speed: 'speed',
  select: 'select',
  sel: 'select',
  seed: 'seed',
  theme: 'theme',
  locale: 'locale',
  lang: 'locale',
  readonly: 'readonly',
  controls: 'controls',
};

setPlayground(location.href.replace(/[#?].*$/s, '').replace(/[^/]*$/, ''));

const element = document.createElement('pod-scope') as PodScopeElement;
element.setAttribute('loading', 'eager');

function dress(): void {
  for (const part of location.hash.replace(/^#/, '').split('&')) {
    const [key = '', value = ''] = part.split(/=(.*)/s);
    let plain = value;
    try {
      plain = decodeURIComponent(value);
    } catch {
      // A stray percent sign stays what it is.
    }
    const name = ATTRIBUTES[key];
    if (key === 's') element.setAttribute('scenario', plain);
    else if (name) element.setAttribute(name, plain);
  }
}

/** Where the parent was last heard from; before that, anybody may hear that a frame is here. */
let origin = '*';

function tell(report: FrameReport): void {
  if (parent !== window) parent.postMessage(pack(report), origin);
}

addEventListener('message', (event) => {
  if (event.source !== parent || parent === window) return;
  const command = readCommand(event.data);
  if (!command) return;
  origin = event.origin === 'null' ? '*' : event.origin;
  switch (command.type) {
    case 'ping':
      void element.ready.then(() => {
        tell({ type: 'pong', ...versions, ...(command.id === undefined ? {} : { id: command.id }) });
        tellHeight();
      });
      break;
    case 'seek':
      element.seek(command.time);
      break;
    case 'select':
      element.select(command.entry);
      break;
    case 'source':
      element.source = command.text;
      break;
    case 'theme':
      element.theme = command.theme;
      break;
    case 'play':
      element.play();
      break;
    case 'pause':
      element.pause();
      break;
  }
});

let versions = { podscope: '', kubernetes: '' };
element.addEventListener('ps-ready', (event) => {
  versions = event.detail;
  tell({ type: 'ready', ...versions });
});
element.addEventListener('ps-seek', (event) => tell({ type: 'seek', time: event.detail.time }));
element.addEventListener('ps-select', (event) => tell({ type: 'select', selection: event.detail }));
element.addEventListener('ps-change', (event) =>
  tell({ type: 'change', source: event.detail.source, link: element.getShareUrl() }),
);
element.addEventListener('ps-error', (event) => tell({ type: 'error', message: event.detail.message }));

let height = 0;

function tellHeight(): void {
  tell({ type: 'height', height });
}

definePodScope();
dress();
document.body.append(element);
new ResizeObserver(() => {
  const now = Math.ceil(element.getBoundingClientRect().height);
  if (now === height) return;
  height = now;
  tellHeight();
}).observe(element);
addEventListener('hashchange', dress);
