// Loads the core and hands out instances of it. It comes in two modules: the first is enough for a first picture, the
// rest is fetched after it, or when something needs it. A core that was built whole has an empty rest.

import init, * as built from 'podscope-core';
import type { Podscope as Core } from './contract.ts';

/** What the built package has beside the class; a stand-in or an older one may lack any of it. */
interface Package {
  /** What wasm-bindgen calls the function that forgets an instance, when it is asked to make it. */
  __wbg_reset_state?: () => void;
  restUrl?: () => URL;
  linkRest?: (module: WebAssembly.Module) => void;
}

const pack = built as unknown as Package;

let rest: WebAssembly.Module | null = null;
let coming: Promise<void> | null = null;
let complete = false;

/** Fetches and compiles the first module once. */
export async function loadCore(): Promise<void> {
  await init();
}

/** Whether all of the core is there, with every instance. */
export function hasRest(): boolean {
  return complete;
}

/** Fetches and compiles the rest once, and links it with the present instance. After a failure the next call tries again. */
export function loadRest(): Promise<void> {
  coming ??= fetchRest().catch((error: unknown) => {
    coming = null;
    throw error;
  });
  return coming;
}

async function fetchRest(): Promise<void> {
  const url = pack.restUrl?.();
  if (url) useRest(await compile(url));
  complete = true;
}

/** Some servers send wasm under another type, which browsers refuse to compile as it comes. */
async function compile(url: URL): Promise<WebAssembly.Module> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url.pathname}`);
  if (answer.headers.get('content-type') === 'application/wasm') return WebAssembly.compileStreaming(answer);
  return WebAssembly.compile(await answer.arrayBuffer());
}

/** Takes the compiled rest, for this instance and all that follow. */
export function useRest(module: WebAssembly.Module): void {
  rest = module;
  pack.linkRest?.(module);
}

/** A fresh core. */
export function newCore(): Core {
  return new built.Podscope();
}

/** A core after a trap: in a new wasm instance, where the built package can make one. */
export function renewCore(): Core {
  if (pack.__wbg_reset_state) {
    pack.__wbg_reset_state();
    if (rest) pack.linkRest?.(rest);
  }
  return new built.Podscope();
}
