// Builds the page into dist/: relative paths, no inline code, one lazy chunk for the editor.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { gallery } from './build/gallery.ts';
import { libraries } from './build/libraries.ts';
import { preloadWasm } from './build/preload.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  base: './',
  // `--mode fake` builds the page over a small stand-in for the core, for work on the page alone. Never released.
  resolve: {
    alias: { 'podscope-core': here(mode === 'fake' ? 'tests/fake/podscope.ts' : 'src/core/pkg/podscope.js') },
  },
  plugins: [gallery(here('gallery')), preloadWasm()],
  build: {
    outDir: mode === 'fake' ? 'dist-fake' : 'dist',
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: libraries,
        // Texts of the gallery bear a name of their own, so that the size budgets can tell them from the page.
        chunkFileNames: (chunk) =>
          `assets/${/\/gallery\/[^/]+\.yaml/.test(chunk.facadeModuleId ?? '') ? 'scenario-' : ''}[name]-[hash].js`,
      },
    },
  },
  test: { include: ['tests/unit/**/*.test.ts'] },
}));
