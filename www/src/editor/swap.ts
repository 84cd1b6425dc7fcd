// A plain field stands where the real editor will be, so that one can write at once. When the editor has come it takes
// the field's place: with its text, its selection and its scroll position, and not in the middle of a gesture.

/** Where somebody was in the field. */
export interface Place {
  /** Anchor and head of the selection; null when the field has no focus. */
  selection: { anchor: number; head: number } | null;
  scroll: { top: number; left: number };
}

export function placeIn(field: HTMLTextAreaElement, scroller: Element = field): Place {
  const { selectionStart, selectionEnd, selectionDirection } = field;
  const backward = selectionDirection === 'backward';
  return {
    selection: field.matches(':focus')
      ? { anchor: backward ? selectionEnd : selectionStart, head: backward ? selectionStart : selectionEnd }
      : null,
    scroll: { top: scroller.scrollTop, left: scroller.scrollLeft },
  };
}

/** Watches a field; the returned function waits until no letter is being composed and no text is being marked in it. */
export function watchRest(field: HTMLTextAreaElement): () => Promise<void> {
  let composing = false;
  let pressed = false;
  let rested = (): void => {};
  const settle = (): void => {
    if (!composing && !pressed) rested();
  };
  field.addEventListener('compositionstart', () => {
    composing = true;
  });
  field.addEventListener('compositionend', () => {
    composing = false;
    // The last letters come with the event after this one.
    setTimeout(settle);
  });
  field.addEventListener('pointerdown', () => {
    pressed = true;
    const release = (): void => {
      pressed = false;
      setTimeout(settle);
    };
    for (const type of ['pointerup', 'pointercancel']) addEventListener(type, release, { once: true });
  });
  return () =>
    new Promise((resolve) => {
      rested = resolve;
      settle();
    });
}
