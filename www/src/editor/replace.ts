// Typing over a selection is done by the editor, not by the browser: Chromium would keep the look of the replaced words
// by writing style attributes, which the page's policy blocks and reports.

import { EditorView } from '@codemirror/view';

export const replaceBySelf = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== 'insertText' || event.isComposing || empty || !event.data || view.state.readOnly)
      return false;
    const text = event.data;
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, from, to, text, insert))) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});
