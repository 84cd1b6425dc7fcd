// Owns the one core instance. A panic poisons an instance, so every call goes through `use`: when one traps, the
// session makes a new instance, keeps the text, and tells the page what to report.

import type { Podscope, Progress } from './contract.ts';

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
  private retired_ = false;

  constructor(
    make: () => Podscope,
    private readonly onCrash: (crash: Crash) => void,
    private readonly renew: () => Podscope = make,
  ) {
    this.core = make();
  }

  /** Whether the present text made the core trap. */
  get stopped(): boolean {
    return this.dead || this.poisoned !== null;
  }

  /** Whether another session has replaced the wasm instance that this one's core lived in. */
  get retired(): boolean {
    return this.retired_;
  }

  /** Asks this core nothing more: its instance is gone. */
  retire(): void {
    this.retired_ = true;
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
    if (this.stopped || this.retired_) return null;
    const end = performance.now() + budgetMs;
    let progress: Progress | null = null;
    do {
      progress = this.use((core) => core.advance(chunk), null);
    } while (progress && !progress.done && performance.now() < end);
    return progress;
  }

  /** Calls the core; when it traps, the answer is `otherwise` and the page is told. */
  use<T>(call: (core: Podscope) => T, otherwise: T): T {
    if (this.dead || this.retired_) return otherwise;
    try {
      return call(this.core);
    } catch (error) {
      this.recover(error);
      return otherwise;
    }
  }

  private recover(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.poisoned = this.text;
    try {
      this.core = this.renew();
      if (this.tag !== 'en') this.core.set_language(this.tag);
    } catch {
      this.dead = true;
    }
    this.onCrash({ message, seed: this.seed, text: this.text, dead: this.dead });
  }
}
