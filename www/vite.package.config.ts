// Builds the scripts of the npm package into the folder that PODSCOPE_PACKAGE names. The core stays a file of its own
// beside them, so that any bundler can take it up, or none.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: './',
  publicDir: false,
  build: {
    outDir: process.env.PODSCOPE_PACKAGE ?? 'dist-package',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        index: here('src/element/index.ts'),
        define: here('src/element/define.ts'),
        core: here('src/element/headless.ts'),
        'core.node': here('src/element/headless-node.ts'),
        remark: here('src/element/remark.ts'),
      },
      external: ['podscope-core', /^node:/],
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: '[name].js',
        // Flat, because every file names the core as the one beside it.
        chunkFileNames: 'part-[name].js',
        paths: { 'podscope-core': './podscope.js' },
      },
    },
  },
});
