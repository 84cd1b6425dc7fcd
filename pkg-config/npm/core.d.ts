import type { PodScopeDiagnostic, PodScopeResult, SimulateOptions } from './api.js';

export type * from './api.js';

/** Runs a text to its end. The core is loaded at the first call. */
export declare function simulate(text: string, options?: SimulateOptions): Promise<PodScopeResult>;

/** What is said about a text, without running it. */
export declare function check(text: string): Promise<PodScopeDiagnostic[]>;
