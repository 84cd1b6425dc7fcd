// Owns the one core instance. A panic poisons an instance, so every call goes through `use`: when one traps, the
// session makes a new instance, keeps the text, and tells the page what to report. A call that needs the rest of the core
// before it is there ends likewise, but is no crash: the session rests until the second module has come, and goes on.

import type { Podscope, Progress } from './contract.ts';
import { needsRest, type Rest } from './rest.ts';

/** What to show and report after the core stopped unexpectedly. */
export interface Crash {
  message: string;
  seed: number;
  text: string;
  /** No new core could be made either: only a reload helps. */
  dead: boolean;
}

export class Session {
  private core: Podscope;
  private text = '';
  private seed = 0;
  private tag = 'en';
  /** The text that made the core trap; it is not run again until it changes. */
  private poisoned: string | null = null;
  private dead = false;
  private waiting_ = false;
  /** The rest came for this session: whatever is thrown now is an error. */
  private whole = false;

  constructor(
    make: () => Podscope,
    private readonly onCrash: (crash: Crash) => void,
    private readonly renew: () => Podscope = make,
    private readonly rest: Rest | null = null,
  ) {
    this.core = make();
  }

  /** Whether the present text made the core trap. */
  get stopped(): boolean {
    return this.dead || this.poisoned !== null;
  }

  /** Whether the session waits for the rest of the core. */
  get waiting(): boolean {
    return this.waiting_;
  }

  /** Asks nothing more: the instance is another session's to make anew. */
  hold(): void {
    this.waiting_ = true;
  }

  /** Does not run a text that another session's core could not run. */
  avoid(text: string | null): void {
    this.poisoned = text;
  }

  /** Chooses the language of the core's words. */
  setLanguage(tag: string): void {
    this.tag = tag;
    this.use((core) => core.set_language(tag), undefined);
  }

  /** Parses the text and starts a new future. */
  setText(text: string, seed: number): void {
    this.text = text;
    this.seed = seed;
    if (this.poisoned === text) return;
    this.poisoned = null;
    this.use((core) => core.set_text(text, seed), undefined);
  }

  /** Computes on until the future is complete or the budget in milliseconds is used up. */
  advance(budgetMs: number, chunk = 2000): Progress | null {
    if (this.stopped || this.waiting_) return null;
    const end = performance.now() + budgetMs;
    let progress: Progress | null = null;
    do {
      progress = this.use((core) => core.advance(chunk), null);
    } while (progress && !progress.done && performance.now() < end);
    return progress;
  }

  /** Calls the core; when it traps, the answer is `otherwise` and the page is told. */
  use<T>(call: (core: Podscope) => T, otherwise: T): T {
    if (this.dead || this.waiting_) return otherwise;
    try {
      return call(this.core);
    } catch (error) {
      if (this.rest && !this.whole && needsRest(error)) this.await(this.rest);
      else this.recover(error);
      return otherwise;
    }
  }

  /** Whether all of the core is there, so that no question has to wait for it. */
  get complete(): boolean {
    return !this.rest || this.rest.there();
  }

  /** The call broke off in the middle: nothing more is asked of this instance, and when the rest has come a new one is made. */
  private await(rest: Rest): void {
    this.waiting_ = true;
    const over = (then: () => unknown) => {
      this.waiting_ = false;
      if (this.fresh()) then();
      else this.onCrash({ message: 'no new core', seed: this.seed, text: this.text, dead: true });
    };
    rest.load().then(
      () => {
        this.whole = true;
        over(rest.ready);
      },
      (error: unknown) => over(() => rest.failed(error instanceof Error ? error.message : String(error))),
    );
  }

  /** A new core in the chosen language; false when none can be made. */
  private fresh(): boolean {
    try {
      this.core = this.renew();
      if (this.tag !== 'en') this.core.set_language(this.tag);
    } catch {
      this.dead = true;
    }
    return !this.dead;
  }

  private recover(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.poisoned = this.text;
    this.fresh();
    this.onCrash({ message, seed: this.seed, text: this.text, dead: this.dead });
  }
}
