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
  | 'table'
  | 'theme'
  | 'editor'
  | 'escape'
  | 'help';

export interface Binding {
  command: Command;
  /** `event.key` values; letters are compared without case unless Shift is part of the binding. */
  keys: string[];
  shift?: boolean;
  /** How the keys are written in the help. */
  shown: string[];
  says: string;
  group: 'Time' | 'View' | 'Page';
}

export const bindings: Binding[] = [
  { command: 'play', keys: [' ', 'k'], shown: ['Space'], says: 'Play or pause', group: 'Time' },
  { command: 'prev', keys: ['ArrowLeft'], shown: ['←'], says: 'Previous entry', group: 'Time' },
  { command: 'next', keys: ['ArrowRight'], shown: ['→'], says: 'Next entry', group: 'Time' },
  {
    command: 'prev-surprise',
    keys: ['ArrowLeft'],
    shift: true,
    shown: ['Shift', '←'],
    says: 'Previous surprise',
    group: 'Time',
  },
  {
    command: 'next-surprise',
    keys: ['ArrowRight'],
    shift: true,
    shown: ['Shift', '→'],
    says: 'Next surprise: kill, restart, failure, back-off',
    group: 'Time',
  },
  { command: 'start', keys: ['Home'], shown: ['Home'], says: 'To the start', group: 'Time' },
  { command: 'end', keys: ['End'], shown: ['End'], says: 'To the end', group: 'Time' },
  { command: 'slower', keys: ['<', ','], shown: [','], says: 'Slower', group: 'Time' },
  { command: 'faster', keys: ['>', '.'], shown: ['.'], says: 'Faster', group: 'Time' },
  { command: 'zoom-in', keys: ['+', '='], shown: ['+'], says: 'Zoom in', group: 'View' },
  { command: 'zoom-out', keys: ['-', '_'], shown: ['−'], says: 'Zoom out', group: 'View' },
  { command: 'pan-left', keys: ['a', '['], shown: ['A'], says: 'Move the view left', group: 'View' },
  { command: 'pan-right', keys: ['d', ']'], shown: ['D'], says: 'Move the view right', group: 'View' },
  { command: 'fit', keys: ['f', '0'], shown: ['F'], says: 'Show all of it', group: 'View' },
  { command: 'table', keys: ['r'], shown: ['R'], says: 'Timeline as a table', group: 'View' },
  { command: 'escape', keys: ['Escape'], shown: ['Esc'], says: 'Drop the selection; leave the editor', group: 'Page' },
  { command: 'editor', keys: ['e'], shown: ['E'], says: 'Go to the manifest', group: 'Page' },
  { command: 'gallery', keys: ['g'], shown: ['G'], says: 'Choose a scenario', group: 'Page' },
  { command: 'share', keys: ['s'], shown: ['S'], says: 'Share', group: 'Page' },
  { command: 'theme', keys: ['t'], shown: ['T'], says: 'Light, dark or automatic', group: 'Page' },
  { command: 'help', keys: ['?'], shown: ['?'], says: 'This list', group: 'Page' },
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
