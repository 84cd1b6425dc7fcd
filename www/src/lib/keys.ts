// The keyboard in one table: it drives the page and the help.

export type Command =
  | 'play'
  | 'prev'
  | 'next'
  | 'prev-surprise'
  | 'next-surprise'
  | 'start'
  | 'end'
  | 'slower'
  | 'faster'
  | 'zoom-in'
  | 'zoom-out'
  | 'pan-left'
  | 'pan-right'
  | 'fit'
  | 'gallery'
  | 'share'
  | 'whatif'
  | 'pin'
  | 'sweep'
  | 'reality'
  | 'table'
  | 'theme'
  | 'editor'
  | 'problem'
  | 'escape'
  | 'help';

export interface Binding {
  command: Command;
  /** `event.key` values; letters are compared without case unless Shift is part of the binding. */
  keys: string[];
  shift?: boolean;
  /** How the keys are written in the help. */
  shown: string[];
  group: 'time' | 'view' | 'page';
}

export const bindings: Binding[] = [
  { command: 'play', keys: [' ', 'k'], shown: ['Space'], group: 'time' },
  { command: 'prev', keys: ['ArrowLeft'], shown: ['←'], group: 'time' },
  { command: 'next', keys: ['ArrowRight'], shown: ['→'], group: 'time' },
  {
    command: 'prev-surprise',
    keys: ['ArrowLeft'],
    shift: true,
    shown: ['Shift', '←'],
    group: 'time',
  },
  {
    command: 'next-surprise',
    keys: ['ArrowRight'],
    shift: true,
    shown: ['Shift', '→'],
    group: 'time',
  },
  { command: 'start', keys: ['Home'], shown: ['Home'], group: 'time' },
  { command: 'end', keys: ['End'], shown: ['End'], group: 'time' },
  { command: 'slower', keys: ['<', ','], shown: [','], group: 'time' },
  { command: 'faster', keys: ['>', '.'], shown: ['.'], group: 'time' },
  { command: 'zoom-in', keys: ['+', '='], shown: ['+'], group: 'view' },
  { command: 'zoom-out', keys: ['-', '_'], shown: ['−'], group: 'view' },
  { command: 'pan-left', keys: ['a', '['], shown: ['A'], group: 'view' },
  { command: 'pan-right', keys: ['d', ']'], shown: ['D'], group: 'view' },
  { command: 'fit', keys: ['f', '0'], shown: ['F'], group: 'view' },
  { command: 'table', keys: ['r'], shown: ['R'], group: 'view' },
  { command: 'escape', keys: ['Escape'], shown: ['Esc'], group: 'page' },
  { command: 'editor', keys: ['e'], shown: ['E'], group: 'page' },
  { command: 'problem', keys: ['p'], shown: ['P'], group: 'page' },
  { command: 'gallery', keys: ['g'], shown: ['G'], group: 'page' },
  { command: 'share', keys: ['s'], shown: ['S'], group: 'page' },
  { command: 'whatif', keys: ['w'], shown: ['W'], group: 'page' },
  { command: 'pin', keys: ['b'], shown: ['B'], group: 'page' },
  { command: 'sweep', keys: ['v'], shown: ['V'], group: 'page' },
  { command: 'reality', keys: ['c'], shown: ['C'], group: 'page' },
  { command: 'theme', keys: ['t'], shown: ['T'], group: 'page' },
  { command: 'help', keys: ['?'], shown: ['?'], group: 'page' },
];

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** The command of a key press, if it has one. Chords with Ctrl, Alt or Meta belong to the browser. */
export function commandFor(press: KeyPress): Command | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey) return undefined;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const arrow = key.startsWith('Arrow');
  return bindings.find((b) => b.keys.includes(key) && (!arrow || Boolean(b.shift) === press.shiftKey))?.command;
}

/** Whether an event belongs to a field. */
export function typing(event: Event): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)) return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox';
}
