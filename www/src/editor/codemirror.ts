// The real editor, in a shadow root, where its styles are adopted sheets and the page's policy needs no exception.

import { closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  forceParsing,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { type Diagnostic as Lint, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import type { Diagnostic, FieldRef } from '../core/contract.ts';
import { words } from '../words/words.ts';
import { type Assist, assist, emptyEditor } from './assist.ts';
import { fieldMarks, showFields } from './fields.ts';
import { look } from './look.ts';
import { replaceBySelf } from './replace.ts';
import { scrubNumbers } from './scrub.ts';
import type { Place } from './swap.ts';

export interface Hooks {
  /** Help while typing, where the core is asked for it. */
  assist?: Assist;
  onText(text: string): void;
  onCursor(offset: number | null): void;
  onLeave(): void;
}

export interface RichEditor {
  replace(text: string): void;
  show(diagnostics: readonly Diagnostic[], fields: readonly FieldRef[]): void;
  reveal(from: number, to: number, where?: 'center' | 'start'): void;
  change(from: number, to: number, text: string): void;
  /** Goes on where somebody was in the plain field. */
  restore(place: Place): void;
  focus(): void;
}

/** Longest time that colouring what is in sight may take. */
const COLOUR_MS = 40;

export function createEditor(host: HTMLElement, text: string, hooks: Hooks): RichEditor {
  const root = host.attachShadow({ mode: 'open' });
  const view: EditorView = new EditorView({
    root,
    parent: root,
    state: EditorState.create({ doc: text, extensions: extensions(hooks) }),
  });
  // What is in sight has its colours at once, not when there is time for them.
  const colour = () => forceParsing(view, view.viewport.to, COLOUR_MS);
  colour();
  let shown = '';
  const clip = (n: number) => Math.min(Math.max(0, n), view.state.doc.length);
  return {
    replace(next) {
      if (next === view.state.doc.toString()) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: next },
        selection: { anchor: 0 },
        userEvent: 'input.replace',
        scrollIntoView: true,
      });
      colour();
    },
    show(diagnostics, fields) {
      const key = fields.map((f) => `${f.from}-${f.to}`).join();
      const first = fields[0];
      // A selection made elsewhere brings its lines into sight; typing never makes the text jump.
      const scroll =
        first && key !== shown && !view.hasFocus ? [EditorView.scrollIntoView(clip(first.from), { yMargin: 60 })] : [];
      shown = key;
      view.dispatch(
        setDiagnostics(
          view.state,
          diagnostics.map((d) => lint(d, clip)),
        ),
      );
      view.dispatch({
        effects: [showFields.of(fields.map((f) => ({ from: clip(f.from), to: clip(f.to) }))), ...scroll],
      });
    },
    reveal(from, to, where = 'center') {
      view.dispatch({
        selection: { anchor: clip(from), head: clip(to) },
        effects: EditorView.scrollIntoView(clip(from), { y: where }),
      });
    },
    change(from, to, insert) {
      view.dispatch({ changes: { from: clip(from), to: clip(to), insert }, userEvent: 'input.fix' });
    },
    restore({ selection, scroll }) {
      if (selection) {
        view.dispatch({ selection: { anchor: clip(selection.anchor), head: clip(selection.head) } });
        view.focus();
      }
      view.scrollDOM.scrollTop = scroll.top;
      view.scrollDOM.scrollLeft = scroll.left;
    },
    focus: () => view.focus(),
  };
}

function lint(d: Diagnostic, clip: (n: number) => number): Lint {
  const from = clip(d.from);
  return {
    from,
    to: Math.max(from, clip(d.to)),
    severity: d.severity,
    message: words.core(d.message),
    source: d.code,
    actions: d.fixes.map((fix) => ({
      name: words.core(fix.title),
      apply: (view: EditorView) =>
        view.dispatch({ changes: { from: clip(fix.from), to: clip(fix.to), insert: fix.text } }),
    })),
  };
}

/**
 * Escape closes the list of completions where there is one. For a moment after each keystroke the list is only being
 * looked for: then nobody has seen it, and Escape leaves the editor.
 */
const leaveAtOnce = Prec.highest(
  keymap.of([
    {
      key: 'Escape',
      run: (view) => {
        if (!view.dom.querySelector('.cm-tooltip-autocomplete')) closeCompletion(view);
        return false;
      },
    },
  ]),
);

function extensions(hooks: Hooks) {
  return [
    lineNumbers(),
    foldGutter(),
    codeFolding(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    bracketMatching(),
    closeBrackets(),
    leaveAtOnce,
    hooks.assist ? assist(hooks.assist) : [],
    placeholder(emptyEditor),
    highlightSelectionMatches(),
    yaml(),
    look,
    fieldMarks,
    scrubNumbers,
    EditorView.contentAttributes.of(() => ({ 'aria-label': words.editor.name, tabindex: '0' })),
    replaceBySelf,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) hooks.onText(update.state.doc.toString());
      if (update.selectionSet || update.focusChanged) {
        hooks.onCursor(update.view.hasFocus ? update.state.selection.main.head : null);
      }
    }),
    keymap.of([
      {
        key: 'Escape',
        run: (view) => {
          view.contentDOM.blur();
          hooks.onLeave();
          return true;
        },
      },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...lintKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
  ];
}
