// The second module of the core, as a session sees it.

/** How a session comes by the rest of the core. */
export interface Rest {
  /** Whether it is linked. */
  there: () => boolean;
  /** Fetches and links it; a rejected promise means that a later call may try again. */
  load: () => Promise<void>;
  /** It is there, and what was asked for in vain may be asked again: connect the session anew. */
  ready: () => unknown;
  /** It could not be fetched. */
  failed: (message: string) => unknown;
}

/** What the core's `need_rest` throws (`src/wasm.rs`). */
const NEEDED = 'the rest of the core is needed';

/** Whether an error says that the rest is needed. */
export function needsRest(error: unknown): boolean {
  return error instanceof Error && error.message === NEEDED;
}
