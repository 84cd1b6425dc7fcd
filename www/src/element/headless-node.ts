// `podscope/core` for Node, which reads the module from the disk.

import init from 'podscope-core';
import type { PodScopeDiagnostic, PodScopeResult, SimulateOptions } from './api.ts';
import { judge, run } from './simulate.ts';

type Start = (input: { module_or_path: BufferSource }) => Promise<unknown>;

let loading: Promise<unknown> | null = null;

async function load(): Promise<void> {
  const start = async () => {
    const { readFile } = await import('node:fs/promises');
    const bytes = await readFile(new URL(/* @vite-ignore */ './podscope_bg.wasm', import.meta.url));
    await (init as unknown as Start)({ module_or_path: bytes });
  };
  loading ??= start().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  await loading;
}

/** Runs a text to its end. The core is loaded at the first call. */
export async function simulate(text: string, options: SimulateOptions = {}): Promise<PodScopeResult> {
  await load();
  return run(text, options);
}

/** What is said about a text, without running it. */
export async function check(text: string): Promise<PodScopeDiagnostic[]> {
  await load();
  return judge(text);
}
