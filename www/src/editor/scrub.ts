// Numbers of the manifest can be dragged sideways to change them; the future follows at once.

import { isolateHistory } from '@codemirror/commands';
import { RangeSetBuilder, Transaction } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { dragged, type NumberToken, numbersIn } from '../lib/scrub-number.ts';

const mark = Decoration.mark({ class: 'ps-number' });

/** Sideways pixels before a press on a number becomes a drag. */
const SLOP = 3;

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      for (const token of numbersIn(line.text)) builder.add(line.from + token.from, line.from + token.to, mark);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

interface Drag {
  from: number;
  length: number;
  /** What stood there when the drag began. */
  before: string;
  token: NumberToken;
  x: number;
  active: boolean;
}

class Numbers {
  decorations: DecorationSet;
  drag: Drag | null = null;

  constructor(view: EditorView) {
    this.decorations = decorate(view);
  }

  update(update: ViewUpdate): void {
    if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view);
  }

  down(event: PointerEvent, view: EditorView): void {
    const target = event.target as HTMLElement;
    if (event.button !== 0 || !target.closest('.ps-number')) return;
    const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
    if (at === null) return;
    const line = view.state.doc.lineAt(at);
    const token = numbersIn(line.text).find((t) => line.from + t.from <= at && at <= line.from + t.to);
    if (!token) return;
    const drag: Drag = {
      from: line.from + token.from,
      length: token.to - token.from,
      before: line.text.slice(token.from, token.to),
      token,
      x: event.clientX,
      active: false,
    };
    this.drag = drag;
    const move = (e: PointerEvent) => this.move(e, view, drag);
    const up = () => {
      removeEventListener('pointermove', move, true);
      removeEventListener('pointerup', up, true);
      removeEventListener('pointercancel', up, true);
      this.drag = null;
      if (drag.active) this.settle(view, drag);
    };
    addEventListener('pointermove', move, true);
    addEventListener('pointerup', up, true);
    addEventListener('pointercancel', up, true);
  }

  private move(event: PointerEvent, view: EditorView, drag: Drag): void {
    const px = event.clientX - drag.x;
    if (!drag.active && Math.abs(px) < SLOP) return;
    drag.active = true;
    event.preventDefault();
    event.stopPropagation();
    const insert = dragged(drag.token, px);
    const to = drag.from + drag.length;
    if (view.state.sliceDoc(drag.from, to) === insert) return;
    view.dispatch({
      changes: { from: drag.from, to, insert },
      userEvent: 'input.scrub',
      selection: { anchor: drag.from },
      annotations: Transaction.addToHistory.of(false),
    });
    drag.length = insert.length;
  }

  /** The drag as a whole is one step for undo: back to where it began, and there at once. */
  private settle(view: EditorView, drag: Drag): void {
    const { from } = drag;
    const to = from + drag.length;
    const [before, now] = [drag.before, view.state.sliceDoc(from, to)];
    if (before === now) return;
    const selection = { anchor: from };
    view.dispatch({
      changes: { from, to, insert: before },
      annotations: Transaction.addToHistory.of(false),
      userEvent: 'input.scrub',
    });
    view.dispatch({
      changes: { from, to: from + before.length, insert: now },
      selection,
      annotations: isolateHistory.of('full'),
      userEvent: 'input.scrub',
    });
  }
}

export const scrubNumbers = ViewPlugin.fromClass(Numbers, {
  decorations: (plugin) => plugin.decorations,
  eventHandlers: {
    pointerdown(event, view) {
      this.down(event, view);
    },
    // While a number is being dragged the editor must not make a selection of it.
    mousemove() {
      return this.drag?.active ?? false;
    },
  },
});
