// Local storage that never throws: in a sandboxed frame, with cookies off or a full disk the page just forgets.

const PREFIX = 'podscope.';

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // Nothing to do: the text is still in the editor.
  }
}
