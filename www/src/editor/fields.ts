// Marks the lines and the words of the manifest that shaped the selected entry.

import { type Extension, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';

interface Range {
  from: number;
  to: number;
}

export const showFields = StateEffect.define<Range[]>();

const line = Decoration.line({ class: 'ps-field-line' });
const word = Decoration.mark({ class: 'ps-field' });

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(showFields)) continue;
      const doc = transaction.state.doc;
      const lines = new Set<number>();
      const words: Range[] = [];
      for (const { from, to } of effect.value) {
        if (from >= to) continue;
        const [first, last] = [doc.lineAt(from).number, doc.lineAt(to).number];
        for (let n = first; n <= last; n++) lines.add(doc.line(n).from);
        if (first === last) words.push({ from, to });
      }
      const all = [...[...lines].map((at) => ({ from: at, to: at })), ...words].sort(
        (a, b) => a.from - b.from || a.to - b.to,
      );
      const builder = new RangeSetBuilder<Decoration>();
      for (const range of all) builder.add(range.from, range.to, range.from === range.to ? line : word);
      next = builder.finish();
    }
    return next;
  },
  provide: (self) => EditorView.decorations.from(self),
});

export const fieldMarks: Extension = field;
