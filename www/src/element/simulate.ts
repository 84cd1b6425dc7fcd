// The headless core: a text in, everything the run left behind out.

import * as built from 'podscope-core';
import type { PodScopeDiagnostic, PodScopeResult, SimulateOptions } from './api.ts';

interface Headless {
  simulate(text: string, seed?: number, until?: number): string;
  check(text: string): string;
  version(): string;
}

const core = (): Headless => built.Podscope as unknown as Headless;

/** Runs a text on a core that is loaded. */
export function run(text: string, options: SimulateOptions = {}): PodScopeResult {
  return JSON.parse(core().simulate(text, options.seed, options.until)) as PodScopeResult;
}

/** What is said about a text, by a core that is loaded. */
export function judge(text: string): PodScopeDiagnostic[] {
  return (JSON.parse(core().check(text)) as { diagnostics: PodScopeDiagnostic[] }).diagnostics;
}
