// Lets the browser fetch the first wasm module while it still reads the script that asks for it. The rest comes later.

import type { Plugin } from 'vite';

/** Vite plugin: adds `<link rel="preload">` for the core's first module. */
export function preloadWasm(): Plugin {
  return {
    name: 'podscope-preload-wasm',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const wasm = Object.keys(context.bundle ?? {}).find((name) => /\bpodscope_bg\b.*\.wasm$/.test(name));
        if (!wasm) return [];
        return [
          {
            tag: 'link',
            attrs: { rel: 'preload', as: 'fetch', type: 'application/wasm', crossorigin: true, href: `./${wasm}` },
            injectTo: 'head',
          },
        ];
      },
    },
  };
}
