// Lets the browser fetch the wasm module while it still reads the script that asks for it.

import type { Plugin } from 'vite';

/** Vite plugin: adds `<link rel="preload">` for the one wasm asset of the bundle. */
export function preloadWasm(): Plugin {
  return {
    name: 'podscope-preload-wasm',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const wasm = Object.keys(context.bundle ?? {}).find((name) => name.endsWith('.wasm'));
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
