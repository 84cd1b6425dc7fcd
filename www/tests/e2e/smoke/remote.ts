// What the smoke test asks of a browser that Playwright does not drive, and hands that work through it.

/** A source of input as WebDriver describes it: the classic protocol and BiDi share the words. */
export interface Source {
  type: 'key' | 'pointer';
  id: string;
  parameters?: { pointerType: 'mouse' };
  actions: Record<string, unknown>[];
}

/** A function of the page's world, or its text. */
export type Work<T, A extends unknown[]> = ((...args: A) => T | Promise<T>) | string;

/** One window of one browser, driven through its own protocol. */
export interface Remote {
  /** Name and version, as the browser tells them. */
  name: string;
  goto(url: string): Promise<void>;
  /** The result of a function of the page's world, which may be a promise. */
  evaluate<T, A extends unknown[]>(work: Work<T, A>, ...args: A): Promise<T>;
  perform(sources: Source[]): Promise<void>;
  /** A picture of the window, PNG. */
  picture(): Promise<Buffer>;
  /** Sets the size of the window's inside, in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
}

/** WebDriver's code points for the keys that write nothing. */
const KEYS: Record<string, string> = {
  Enter: '\uE007',
  Escape: '\uE00C',
  Control: '\uE009',
  Shift: '\uE008',
  Home: '\uE011',
  End: '\uE010',
  ArrowRight: '\uE014',
};

/** Presses one key, or some together: `Control+End`. */
export async function press(remote: Remote, keys: string): Promise<void> {
  const values = keys.split('+').map((key) => KEYS[key] ?? key);
  const down = values.map((value) => ({ type: 'keyDown', value }));
  const up = values.reverse().map((value) => ({ type: 'keyUp', value }));
  await remote.perform([{ type: 'key', id: 'keyboard', actions: [...down, ...up] }]);
}

/** Types a line, letter by letter. */
export async function type(remote: Remote, text: string): Promise<void> {
  for (const letter of text) await press(remote, letter === '+' ? 'Shift++' : letter);
}

/** Presses the mouse at a point of the window. */
export async function clickAt(remote: Remote, x: number, y: number): Promise<void> {
  const actions = [
    { type: 'pointerMove', x: Math.round(x), y: Math.round(y), origin: 'viewport' },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ];
  await remote.perform([{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }]);
}

/** All elements of the page that a selector names, those in open shadow roots and in frames of the site too. */
function everywhere(selector: string): Element[] {
  const within = (root: Document | ShadowRoot): Element[] => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap((element) => {
      const inner = element.shadowRoot ?? (element instanceof HTMLIFrameElement ? element.contentDocument : null);
      return inner ? within(inner) : [];
    }),
  ];
  return within(document);
}

/** What a function makes of all elements that a selector names. */
export function ofAll<T, A extends unknown[]>(
  remote: Remote,
  selector: string,
  work: (found: Element[], ...args: A) => T,
  ...args: A
): Promise<T> {
  return remote.evaluate<T, [string, ...A]>(
    `(selector, ...args) => (${work})((${everywhere})(selector), ...args)`,
    selector,
    ...args,
  );
}

/** Where an element stands in the window, once it is there; `text` is a part of what it says, or is called. */
export async function place(remote: Remote, selector: string, text = ''): Promise<DOMRectReadOnly> {
  const look = () =>
    ofAll(
      remote,
      selector,
      (all, said) => {
        const words = (element: Element) => `${element.textContent} ${element.getAttribute('aria-label') ?? ''}`;
        const found = all.find((element) => words(element).includes(said));
        found?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        const box = found?.getBoundingClientRect();
        return box && box.width > 0 ? (box.toJSON() as DOMRectReadOnly) : null;
      },
      text,
    );
  return until(look, `${selector} ${text}`);
}

/** Presses the mouse on an element. */
export async function click(remote: Remote, selector: string, text = ''): Promise<void> {
  const box = await place(remote, selector, text);
  await clickAt(remote, box.x + box.width / 2, box.y + box.height / 2);
}

/** Waits until something is there (neither null nor false), and gives it back. */
export async function until<T>(look: () => Promise<T | null | false>, what: string, ms = 20_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Waits until the page has nothing left to load, compute or draw. */
export async function idle(remote: Remote): Promise<void> {
  await until(() => remote.evaluate(() => document.documentElement.dataset.idle === 'true'), 'an idle page');
}

/** What the elements that a selector names say, one by one. */
export function texts(remote: Remote, selector: string): Promise<string[]> {
  return ofAll(remote, selector, (all) => all.map((element) => element.textContent?.trim() ?? ''));
}

/** What they say together. */
export async function textOf(remote: Remote, selector: string): Promise<string> {
  return (await texts(remote, selector)).join('\n');
}
