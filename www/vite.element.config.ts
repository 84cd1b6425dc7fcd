// Builds what other pages load, into the same dist/: `embed.html`, and the scripts `pod-scope.js` and `fences.js`, whose
// names never change because authors write them down. A build of its own, so that the page's chunks stay as they are.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { libraries } from './build/libraries.ts';
import { offline } from './build/offline.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const steady = new Set(['pod-scope', 'fences']);

export default defineConfig({
  base: './',
  // The last build of the site, so the worker knows all of its files.
  plugins: [offline(Boolean(process.env.PODSCOPE_OFFLINE))],
  resolve: { alias: { 'podscope-core': here('src/core/pkg/podscope.js') } },
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        embed: here('embed.html'),
        'pod-scope': here('src/element/site.ts'),
        fences: here('src/element/site-fences.ts'),
      },
      output: {
        codeSplitting: libraries,
        entryFileNames: (chunk) => (steady.has(chunk.name) ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
