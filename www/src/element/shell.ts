// What surrounds the figure inside the element: bar, editor, problems, table, the selected entry, and the page's own
// content until the core is there.

import type { Model } from '../app/model.ts';
import type { RichEditor } from '../editor/codemirror.ts';
import { placeIn, watchRest } from '../editor/swap.ts';
import { clock, instant, span } from '../lib/format.ts';
import type { PodScopeView } from './api.ts';
import { el, icon, icons } from './dom.ts';
import { Figure } from './figure.ts';
import { type ElementWords, elementWords } from './words.ts';

/** More rows of the table, or more problems, would make the page slow. */
const MOST_ROWS = 1000;
const MOST_PROBLEMS = 8;

export interface ShellHooks {
  start(): void;
  edited(text: string): void;
  shareUrl(): string;
  view(view: PodScopeView): void;
}

interface Dress {
  words: ElementWords;
  view: PodScopeView;
  readonly: boolean;
  controls: boolean;
}

export class Shell {
  private readonly figure: Figure;
  private readonly frame = el('figure', { class: 'frame', part: 'frame' });
  private readonly before = el('div', { class: 'before', part: 'poster' }, el('slot', { name: 'poster' }, el('slot')));
  private readonly message = el('p', { class: 'message', part: 'message', role: 'alert', hidden: true });
  private readonly bar = el('div', { class: 'bar', part: 'bar', hidden: true });
  private readonly title = el('span', { class: 'title', part: 'title' });
  private readonly playButton = el('button', { class: 'button round', type: 'button' });
  private readonly backButton = el('button', { class: 'button', type: 'button' }, icon(icons.prev));
  private readonly nextButton = el('button', { class: 'button', type: 'button' }, icon(icons.next));
  private readonly editButton = el('button', { class: 'button', type: 'button' });
  private readonly tableButton = el('button', { class: 'button', type: 'button' });
  private readonly link = el('a', { class: 'button', part: 'open', hidden: true, target: '_blank', rel: 'noopener' });
  private readonly editor = el('div', { class: 'editor', part: 'editor', hidden: true });
  private readonly problems = el('ul', { class: 'problems', part: 'problems', hidden: true });
  private readonly table = el('div', { class: 'tl-table', part: 'table', tabindex: '0', role: 'region', hidden: true });
  private readonly why = el('div', { class: 'why', part: 'why', hidden: true });
  private readonly live = el('div', { class: 'offscreen', role: 'status', 'aria-live': 'polite' });
  private words = elementWords('en');
  private view: PodScopeView = 'timeline';
  private readonly = false;
  private controls = true;
  private shown = false;
  private text = '';
  private rich: RichEditor | null = null;
  private area: HTMLTextAreaElement | null = null;
  private stops: (() => void)[] = [];

  constructor(
    root: ShadowRoot,
    private readonly model: Model,
    private readonly hooks: ShellHooks,
  ) {
    this.figure = new Figure(model, this.words);
    this.bar.append(
      this.playButton,
      this.backButton,
      this.nextButton,
      this.title,
      el('slot', { name: 'actions' }),
      this.tableButton,
      this.editButton,
      this.link,
    );
    const caption = el('figcaption', { part: 'caption' }, el('slot', { name: 'caption' }));
    this.frame.append(
      this.message,
      this.before,
      this.bar,
      this.problems,
      this.editor,
      this.figure.root,
      this.table,
      this.why,
      this.live,
    );
    this.figure.root.hidden = true;
    root.append(this.frame, caption);
    this.playButton.addEventListener('click', () => model.toggle());
    this.backButton.addEventListener('click', () => model.step(-1));
    this.nextButton.addEventListener('click', () => model.step(1));
    this.editButton.addEventListener('click', () => hooks.view(this.view === 'split' ? 'timeline' : 'split'));
    this.tableButton.addEventListener('click', () => hooks.view(this.view === 'table' ? 'timeline' : 'table'));
    // The instant and the selection go with the address.
    for (const type of ['pointerenter', 'focus', 'pointerdown']) this.link.addEventListener(type, () => this.aim());
  }

  start(): void {
    this.figure.start();
    const { model } = this;
    this.stops.push(
      model.follow(['run'], () => this.onRun()),
      model.follow(['play'], () => this.onPlay()),
      model.follow(['select'], () => this.onSelect()),
    );
  }

  stop(): void {
    this.figure.stop();
    for (const stop of this.stops.splice(0)) stop();
  }

  recolour(): void {
    this.figure.recolour();
  }

  dress(dress: Dress): void {
    Object.assign(this, dress);
    const { words } = this;
    this.figure.say(words);
    this.backButton.setAttribute('aria-label', words.previous);
    this.nextButton.setAttribute('aria-label', words.next);
    this.link.textContent = words.open;
    this.table.setAttribute('aria-label', words.table);
    this.onPlay();
    this.arrange();
  }

  /** Shows what the view asks for. */
  private arrange(): void {
    const { view, words, shown } = this;
    const editing = shown && (view === 'split' || view === 'editor');
    this.bar.hidden = !shown || !this.controls;
    this.editButton.hidden = this.readonly || view === 'editor';
    this.editButton.textContent = view === 'split' ? words.done : words.edit;
    this.editButton.setAttribute('aria-pressed', String(view === 'split'));
    this.tableButton.hidden = view === 'editor';
    this.tableButton.textContent = view === 'table' ? words.timeline : words.table;
    this.tableButton.setAttribute('aria-pressed', String(view === 'table'));
    this.editor.hidden = !editing;
    this.table.hidden = !shown || view !== 'table';
    this.figure.root.hidden = !shown || view === 'table' || view === 'editor';
    if (editing) void this.openEditor();
    if (shown && view === 'table') this.fillTable();
  }

  /** Offers to load the core, when that is left to the reader. */
  offerStart(): void {
    const start = el('button', { class: 'start', part: 'start', type: 'button' }, this.words.start);
    start.addEventListener('click', () => {
      start.remove();
      this.hooks.start();
    });
    this.before.append(start);
  }

  /** Something went wrong; what the page gave stays in sight. */
  fail(why: string, crash = false): void {
    this.message.textContent = crash ? this.words.crash(why) : this.words.noCore(why);
    this.message.hidden = false;
  }

  /** What went wrong is over. */
  calm(): void {
    this.message.hidden = true;
  }

  /** The first picture is there, and takes the place of the page's own content. */
  showLive(): void {
    if (this.shown) return;
    this.shown = true;
    this.before.hidden = true;
    this.message.hidden = true;
    this.arrange();
  }

  setText(text: string): void {
    this.text = text;
    if (this.rich) this.rich.replace(text);
    else if (this.area) this.area.value = text;
  }

  private onRun(): void {
    if (!this.shown) return;
    const { model } = this;
    const title = model.info.title || this.words.untitled;
    this.title.textContent = title;
    this.title.title = `${title} · Kubernetes ${model.info.kubernetes} · Podscope ${model.info.version}`;
    this.frame.setAttribute('aria-label', title);
    if (model.progress.done) this.aim();
    this.rich?.show(model.diagnostics, model.why?.fields ?? []);
    const bad = model.diagnostics.filter((d) => d.severity !== 'info');
    this.problems.hidden = bad.length === 0;
    this.problems.replaceChildren(
      ...bad.slice(0, MOST_PROBLEMS).map((d) => el('li', { class: d.severity }, `${d.line}:${d.column} ${d.message}`)),
    );
    if (this.view === 'table' && model.progress.done) this.fillTable();
  }

  private onPlay(): void {
    const { playing } = this.model.player;
    this.playButton.setAttribute('aria-label', playing ? this.words.pause : this.words.play);
    this.playButton.replaceChildren(icon(playing ? icons.pause : icons.play));
  }

  private onSelect(): void {
    const { why } = this.model;
    this.why.hidden = !why;
    if (!why) return;
    const length = why.end_us === null || why.end_us === undefined ? '' : ` · ${span(why.end_us - why.at_us)}`;
    const head = el('p', { class: 'head' }, el('time', {}, `${clock(why.at_us)}${length} `), why.title);
    this.why.replaceChildren(head, el('p', {}, why.sentence));
    this.live.textContent = `${instant(why.at_us)}: ${why.title}`;
    this.rich?.show(this.model.diagnostics, why.fields);
  }

  private aim(): void {
    const url = this.hooks.shareUrl();
    this.link.hidden = url === '';
    if (url) this.link.href = url;
  }

  private fillTable(): void {
    const rows = this.model.ask((core) => core.table(), []);
    const cells = (tag: 'th' | 'td', words: readonly string[]) => words.map((word) => el(tag, {}, word));
    const head = el('tr', {}, ...cells('th', this.words.columns));
    const body = rows
      .slice(0, MOST_ROWS)
      .map((row) =>
        el(
          'tr',
          {},
          ...cells('td', [
            instant(row.at_us),
            row.end_us === null || row.end_us === undefined ? '' : span(row.end_us - row.at_us),
            row.lane,
            row.text,
          ]),
        ),
      );
    this.table.replaceChildren(el('table', { class: 'rows' }, el('thead', {}, head), el('tbody', {}, ...body)));
  }

  /** A plain field at once, the real editor when it has come. */
  private async openEditor(): Promise<void> {
    if (this.rich || this.area) return;
    const area = el('textarea', { 'aria-label': this.words.manifest, spellcheck: 'false' });
    this.area = area;
    area.value = this.text;
    area.readOnly = this.readonly;
    area.addEventListener('input', () => this.take(area.value));
    this.editor.append(area);
    if (this.readonly) return;
    const atRest = watchRest(area);
    try {
      const { createEditor } = await import('../editor/codemirror.ts');
      await atRest();
      const place = placeIn(area);
      const host = el('div');
      this.rich = createEditor(host, this.text, {
        onText: (text) => this.take(text),
        onCursor: (offset) => this.model.lightFor(offset),
        onLeave: () => this.editButton.focus(),
      });
      this.editor.replaceChildren(host);
      this.area = null;
      this.rich.restore(place);
      this.rich.show(this.model.diagnostics, []);
    } catch {
      // Without the network the plain field stays.
    }
  }

  private take(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.hooks.edited(text);
  }
}
