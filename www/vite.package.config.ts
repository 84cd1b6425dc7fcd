// Builds the scripts of the npm package into the folder that PODSCOPE_PACKAGE names. The core stays a file of its own
// beside them, so that any bundler can take it up, or none.

import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Parts that are loaded later are loaded plainly: Vite's own helper imports expressions, which other bundlers warn of. */
const plainImports: Plugin = {
  name: 'podscope-plain-imports',
  enforce: 'pre',
  resolveId: (id) => (id.includes('vite/preload-helper') ? id : undefined),
  load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : undefined),
};

export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [plainImports],
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
