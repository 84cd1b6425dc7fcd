// `podscope/core` for browsers and bundlers.

import type { PodScopeDiagnostic, PodScopeResult, SimulateOptions } from './api.ts';
import { sharedCore } from './core.ts';
import { judge, run } from './simulate.ts';

/** Runs a text to its end. The core is loaded at the first call. */
export async function simulate(text: string, options: SimulateOptions = {}): Promise<PodScopeResult> {
  await sharedCore();
  return run(text, options);
}

/** What is said about a text, without running it. */
export async function check(text: string): Promise<PodScopeDiagnostic[]> {
  await sharedCore();
  return judge(text);
}
