// Help while typing: what may stand at the cursor, and what the field under the pointer means. The core knows both; the
// sentences of the documentation are a second file, fetched when the first field is asked about.

import {
  autocompletion,
  type Completion as Choice,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip } from '@codemirror/view';
import type { Completion, Hover } from '../core/contract.ts';
import { words } from '../words/words.ts';

export interface Assist {
  complete(offset: number): Completion[];
  hover(offset: number, descriptions: string): Hover | undefined;
}

let descriptions: Promise<string> | null = null;

/** The sentences about all fields; without the network there are none. */
function described(): Promise<string> {
  descriptions ??= import('../../../src/api/schema/descriptions.txt?raw').then(
    (module) => module.default,
    () => {
      descriptions = null;
      return '';
    },
  );
  return descriptions;
}

/** Where in a manifest to start from the cursor is wanted: at the name of its object, else at its end. */
function nameOf(template: string): { anchor: number; head: number } {
  const at = /^ {2}name:[ \t]*(\S+)$/dm.exec(template)?.indices?.[1];
  return { anchor: at?.[0] ?? template.length, head: at?.[1] ?? template.length };
}

/** A row of the list. They stay in the core's order, in which what is wanted most comes first. */
function choice(row: Completion, index: number): Choice {
  const value = row.text.trim() === row.label;
  const template = row.text.includes('\n');
  const detail = words.core(row.detail);
  return {
    label: row.label,
    displayLabel: template ? words.core(row.label) : row.label,
    detail: row.required ? `${detail}, ${words.editor.required}` : detail,
    type: value ? 'enum' : 'property',
    sortText: String(index).padStart(3, '0'),
    boost: row.required ? 1 : 0,
    apply(view: EditorView, _choice: Choice, from: number, to: number) {
      // What follows the cursor is kept when the field is already written.
      const after = view.state.sliceDoc(to, to + 1);
      const insert = after === ':' ? row.label : row.text;
      const cursor = template ? nameOf(insert) : { anchor: insert.length, head: insert.length };
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from + cursor.anchor, head: from + cursor.head },
        userEvent: 'input.complete',
      });
      if (!value && insert.endsWith(' ')) startCompletion(view);
    },
  };
}

function source(core: Assist) {
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/\w+$/);
    if (!word && !context.explicit && !context.matchBefore(/: $/)) return null;
    const rows = core.complete(context.pos);
    const first = rows[0];
    if (!first) return null;
    return { from: first.from, to: context.pos, options: rows.map(choice), validFor: /^\w*$/ };
  };
}

function card(hover: Hover): HTMLElement {
  const box = document.createElement('div');
  box.className = 'ps-hover';
  const line = (...parts: (string | null)[]) => {
    const p = document.createElement('p');
    parts.forEach((part, i) => {
      if (!part) return;
      const piece = document.createElement(i % 2 === 0 ? 'span' : 'code');
      piece.textContent = part;
      p.append(piece);
    });
    box.append(p);
  };
  line(null, hover.path);
  line(
    [words.editor.holds(words.core(hover.holds)), hover.default && words.editor.byDefault(words.core(hover.default))]
      .filter(Boolean)
      .join(', '),
  );
  if (hover.words.length > 0) line(`${words.editor.words} `, hover.words.join(' '));
  if (hover.description) line(hover.description);
  return box;
}

export function assist(core: Assist): Extension {
  return [
    autocompletion({ override: [source(core)], icons: false, maxRenderedOptions: 60 }),
    hoverTooltip(
      async (_view, pos) => {
        const hover = core.hover(pos, await described());
        if (!hover) return null;
        return { pos: hover.from, above: true, create: () => ({ dom: card(hover) }) };
      },
      { hoverTime: 350 },
    ),
  ];
}

/** What an empty editor says. */
export function emptyEditor(): HTMLElement {
  const box = document.createElement('span');
  box.textContent = words.editor.empty;
  return box;
}
