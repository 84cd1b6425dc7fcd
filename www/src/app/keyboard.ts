// Keys of the page. In the editor, in fields and in dialogs they belong to what has the focus.

import { editor } from '../editor/editor.ts';
import { clock } from '../lib/format.ts';
import { type Command, commandFor, type KeyPress, typing } from '../lib/keys.ts';
import { whatIfNow } from '../whatif/whatif.ts';
import { announce, model, open } from './context.ts';
import { showFace } from './faces.ts';
import { toggleTable } from './table-switch.ts';
import { cycleTheme } from './theme.ts';

function step(direction: 1 | -1, kind: 'entry' | 'surprise'): void {
  model.step(direction, kind, () => announce(`${clock(model.now)}: ${model.why?.title ?? ''}`));
}

const actions: Record<Command, () => void> = {
  play: () => model.toggle(),
  prev: () => step(-1, 'entry'),
  next: () => step(1, 'entry'),
  'prev-surprise': () => step(-1, 'surprise'),
  'next-surprise': () => step(1, 'surprise'),
  start: () => model.seek(0),
  end: () => model.seekEnd(),
  slower: () => model.changeSpeed(-1),
  faster: () => model.changeSpeed(1),
  'zoom-in': () => model.zoomBy(0.6),
  'zoom-out': () => model.zoomBy(1 / 0.6),
  'pan-left': () => model.panBy(-0.2),
  'pan-right': () => model.panBy(0.2),
  fit: () => model.fit(),
  gallery: () => open('ps-gallery'),
  share: () => open('ps-share'),
  whatif: () => whatIfNow(),
  pin: () => model.togglePin(),
  sweep: () => open('ps-sweep'),
  reality: () => open('ps-reality'),
  table: () => toggleTable(),
  theme: () => {
    cycleTheme();
    model.emit('run');
  },
  editor: () => {
    showFace('text');
    editor()?.focusText();
  },
  problem: () => {
    showFace('text');
    model.whenRead(() => editor()?.nextProblem());
  },
  escape: () => model.select(null),
  help: () => open('ps-help'),
};

/** Does what a key is for, outside of fields and dialogs. True if it is for something. */
export function press(key: KeyPress): boolean {
  if (document.querySelector('dialog[open]')) return false;
  const command = commandFor(key);
  if (command) actions[command]();
  return command !== undefined;
}

export function startKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || typing(event)) return;
    // Space and Enter on a button press the button.
    const target = event.composedPath()[0];
    if (event.key === ' ' && target instanceof HTMLButtonElement) return;
    if (press(event)) event.preventDefault();
  });
}
