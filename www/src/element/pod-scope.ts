// `<pod-scope>`. First the page's own content (a poster, or the text); the core when the element comes near the
// viewport; the editor when it is asked for. Importing this file touches no global, so it may be imported anywhere.

import { Model } from '../app/model.ts';
import type { Crash } from '../core/session.ts';
import { shareUrl } from '../lib/link.ts';
import type {
  PodScopeElement,
  PodScopeEventMap,
  PodScopeResult,
  PodScopeSelection,
  PodScopeTheme,
  PodScopeView,
} from './api.ts';
import { type Client, join, leave, sharedCore } from './core.ts';
import { playground } from './playground.ts';
import { Shell } from './shell.ts';
import { run } from './simulate.ts';
import { childText, fetchText, fragmentOf, instantOf } from './source.ts';
import { adopt } from './styles.ts';
import { elementWords } from './words.ts';

/** The core is loaded when the element is this close to the viewport. */
const NEAR = '400px';

/** In Node and on a server there are no elements; the class is then made over nothing and never used. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const views: readonly PodScopeView[] = ['timeline', 'table', 'split', 'editor'];

type Detail<K extends keyof PodScopeEventMap> = PodScopeEventMap[K]['detail'];

export class PodScope extends Base implements Client {
  static readonly observedAttributes = [
    'src',
    'scenario',
    'view',
    'at',
    'select',
    'speed',
    'seed',
    'theme',
    'locale',
    'readonly',
    'controls',
    'height',
  ];

  private readonly model = new Model();
  private readonly shell: Shell;
  private state: 'waiting' | 'loading' | 'live' = 'waiting';
  private own: string | null = null;
  /** The text at which the core stopped last. */
  private poison: string | null = null;
  private given = '';
  private told = false;
  /** Instant and entry that the author or a link wants to see first. */
  private at: number | undefined;
  private wanted: number | null = null;
  private result_: { text: string; value: PodScopeResult } | null = null;
  private observer: IntersectionObserver | null = null;
  private themes: MutationObserver | null = null;
  private dark: MediaQueryList | null = null;
  private fulfil: () => void = () => {};
  readonly ready = new Promise<void>((resolve) => {
    this.fulfil = resolve;
  });

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    adopt(root);
    const { model } = this;
    this.shell = new Shell(root, model, {
      start: () => void this.run(),
      edited: (text) => {
        this.own = text;
        this.compute(text);
        this.fire('ps-change', { source: text });
      },
      shareUrl: () => this.getShareUrl(),
      view: (view) => {
        this.view = view;
      },
    });
    model.follow(['run'], () => this.onRun());
    model.follow(['time'], () => this.live && this.fire('ps-seek', { time: model.now / 1e6 }));
    model.follow(['select'], () => this.onSelect());
  }

  private get live(): boolean {
    return this.state === 'live';
  }

  connectedCallback(): void {
    this.dress();
    this.shell.start();
    this.themes = new MutationObserver(() => this.shell.recolour());
    for (const node of [document.documentElement, document.body])
      if (node) this.themes.observe(node, { attributes: true });
    this.dark = matchMedia('(prefers-color-scheme: dark)');
    this.dark.addEventListener('change', this.recolour);
    if (this.live) {
      this.reconnect();
      return;
    }
    const loading = this.getAttribute('loading') ?? 'lazy';
    if (loading === 'eager') void this.run();
    else if (loading === 'click') this.shell.offerStart();
    else {
      this.observer = new IntersectionObserver(
        (entries) => {
          if (entries.some((entry) => entry.isIntersecting)) void this.run();
        },
        { rootMargin: NEAR },
      );
      this.observer.observe(this);
    }
  }

  disconnectedCallback(): void {
    this.observer?.disconnect();
    this.themes?.disconnect();
    this.dark?.removeEventListener('change', this.recolour);
    this.model.player.pause();
    this.shell.stop();
    leave(this);
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    if (name === 'src' || name === 'scenario') {
      this.own = null;
      if (this.live) void this.read().then((text) => this.compute(text));
    } else if (name === 'at') {
      if (this.live) this.model.seek(instantOf(after) ?? 0);
    } else if (name === 'select') {
      if (this.live) this.select(after === null ? null : Number(after));
    } else if (name === 'seed') this.model.setSeed(Number(after) || 0);
    else if (name === 'speed') this.speed();
    else this.dress();
  }

  /** Takes over what the attributes say about looks. */
  private dress(): void {
    const locale = this.getAttribute('locale');
    const inherited = this.closest('[lang]')?.getAttribute('lang');
    const words = elementWords(locale, inherited, 'en');
    this.model.setLanguage(words.tag);
    const height = this.getAttribute('height');
    if (height === null) this.style?.removeProperty('--podscope-height');
    else this.style.setProperty('--podscope-height', /^\d+$/.test(height) ? `${height}px` : height);
    this.shell.dress({
      words,
      view: this.view,
      readonly: this.hasAttribute('readonly'),
      controls: this.getAttribute('controls') !== 'none',
    });
    this.shell.recolour();
  }

  private readonly recolour = (): void => this.shell.recolour();

  /** The text of attribute, address or children. */
  private async read(): Promise<string> {
    if (this.own !== null) return this.own;
    const scenario = this.getAttribute('scenario');
    if (scenario !== null) {
      const decoded = this.model.ask((core) => core.decode_link(fragmentOf(scenario)), { error: '' });
      if (decoded.text === undefined) throw new Error(decoded.error || 'scenario');
      if (decoded.t_us !== undefined && !this.hasAttribute('at')) this.at = decoded.t_us;
      this.wanted = decoded.sel ?? null;
      return decoded.text;
    }
    const src = this.getAttribute('src');
    return src === null ? childText(this) : fetchText(src, document.baseURI);
  }

  async run(): Promise<void> {
    if (this.state !== 'waiting') return;
    this.state = 'loading';
    this.observer?.disconnect();
    try {
      await sharedCore();
      this.model.connect(join(this));
      const text = await this.read();
      if (text.trim() === '') throw new Error(elementWords(this.getAttribute('locale'), 'en').noText);
      this.given = text;
      this.state = 'live';
      const seed = Number(this.getAttribute('seed'));
      if (seed > 0) this.model.seed = seed;
      this.at = instantOf(this.getAttribute('at')) ?? this.at;
      this.model.now = this.at ?? 0;
      this.shell.setText(text);
      this.model.setText(text);
    } catch (error) {
      this.state = 'waiting';
      const why = error instanceof Error ? error.message : String(error);
      this.shell.fail(why);
      this.fire('ps-error', { message: why });
    }
  }

  private compute(text: string): void {
    this.told = false;
    if (text !== this.poison) this.shell.calm();
    if (this.live) this.model.setText(text);
  }

  private onRun(): void {
    if (!this.live) return;
    const { model } = this;
    this.shell.showLive();
    if (!model.progress.done || this.told) return;
    const first = !this.hasAttribute('data-live');
    this.told = true;
    if (first) this.begin();
    const { info, diagnostics } = model;
    this.fire('ps-result', { title: info.title ?? '', until: model.until / 1e6, diagnostics: diagnostics.length });
  }

  /** The first future is there: instant, selection and play as the author wants them. */
  private begin(): void {
    const { model } = this;
    this.setAttribute('data-live', '');
    this.speed();
    const select = this.getAttribute('select');
    const selected = select === null ? this.wanted : Number(select);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    requestAnimationFrame(() => {
      model.open((asked) => {
        if (selected !== null) this.select(selected);
        if (this.at === undefined && !this.hasAttribute('play')) model.seekEnd();
        if (this.hasAttribute('play') && !still && !asked.play) this.play();
      });
      this.fulfil();
      this.fire('ps-ready', { podscope: model.info.version, kubernetes: model.info.kubernetes });
    });
  }

  private speed(): void {
    const speed = Number(this.getAttribute('speed'));
    if (speed > 0) this.model.setSpeed(speed);
    else this.model.fitSpeed();
  }

  private lastSelected: number | null = null;

  private onSelect(): void {
    if (this.model.selected === this.lastSelected) return;
    this.lastSelected = this.model.selected;
    this.fire('ps-select', this.selection);
  }

  private fire<K extends keyof PodScopeEventMap>(type: K, detail: Detail<K>): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** The shared core was made anew. */
  reconnect(): void {
    const session = join(this);
    session.avoid(this.poison);
    this.model.connect(session);
  }

  crashed(crash: Crash): void {
    this.poison = crash.text;
    this.shell.fail(crash.message, true);
    this.fire('ps-error', { message: crash.message });
  }

  get source(): string {
    return this.own ?? (this.live ? this.given : childText(this));
  }

  set source(text: string) {
    this.own = String(text);
    this.given = this.own;
    this.shell.setText(this.own);
    this.compute(this.own);
  }

  get view(): PodScopeView {
    const view = this.getAttribute('view') as PodScopeView;
    return views.includes(view) ? view : 'timeline';
  }

  set view(view: PodScopeView) {
    this.setAttribute('view', view);
  }

  get theme(): PodScopeTheme {
    const theme = this.getAttribute('theme');
    return theme === 'light' || theme === 'dark' ? theme : 'auto';
  }

  set theme(theme: PodScopeTheme) {
    if (theme === 'auto') this.removeAttribute('theme');
    else this.setAttribute('theme', theme);
  }

  get time(): number {
    return this.model.now / 1e6;
  }

  set time(time: number) {
    this.seek(time);
  }

  get playing(): boolean {
    return this.model.player.playing;
  }

  get selection(): PodScopeSelection | null {
    const { why } = this.model;
    return why ? { id: why.id, at: why.at_us / 1e6, title: why.title, sentence: why.sentence } : null;
  }

  get result(): PodScopeResult | null {
    if (!this.live) return null;
    const text = this.model.text;
    if (this.result_?.text !== text)
      this.result_ = this.model.ask(() => {
        return { text, value: run(text, this.model.seed ? { seed: this.model.seed } : {}) };
      }, null);
    return this.result_?.value ?? null;
  }

  play(): void {
    this.model.toggle(true);
  }

  pause(): void {
    this.model.toggle(false);
  }

  seek(time: number): void {
    if (Number.isFinite(time)) this.model.seek(time * 1e6);
  }

  select(id: number | null): void {
    this.model.select(id !== null && Number.isInteger(id) && id >= 0 ? id : null);
  }

  toSVG(width = 720): string {
    const dark = getComputedStyle(this).colorScheme.includes('dark');
    return this.model.ask((core) => core.svg(width, dark), '');
  }

  toMarkdown(): string {
    return this.model.ask((core) => core.markdown(), '');
  }

  getShareUrl(): string {
    const base = this.getAttribute('playground') ?? playground();
    const { model } = this;
    const fragment = base ? model.ask((core) => core.encode_link(model.text), '') : '';
    if (!fragment) return '';
    return shareUrl(new URL(base, document.baseURI).href, fragment, { t: model.now, sel: model.selected });
  }

  reset(): void {
    this.own = null;
    this.shell.setText(this.given);
    this.compute(this.given);
    this.select(null);
    this.model.fit();
    this.model.seek(instantOf(this.getAttribute('at')) ?? 0);
  }
}

/** Gives `<pod-scope>` to the page, once. */
export function definePodScope(): void {
  if (!globalThis.customElements || customElements.get('pod-scope')) return;
  customElements.define('pod-scope', PodScope as unknown as CustomElementConstructor);
}

/** The class keeps what the published types promise. */
type Kept = Pick<PodScope, Exclude<keyof PodScopeElement, keyof HTMLElement>>;
export type Promised = Pick<PodScopeElement, keyof Kept>;
