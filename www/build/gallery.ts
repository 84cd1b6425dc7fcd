// Reads gallery/*.yaml at build time and offers the catalogue (slug, title, summary, symptoms) as a virtual module, so that the
// page can list and search every scenario without loading one of them.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Plugin } from 'vite';

const ID = 'virtual:gallery';

/** The title, the description and the symptoms (what people search for) of a scenario text. Knows just enough YAML for the files in gallery/. */
export function describe(text: string): { title: string; summary: string; symptoms: string } {
  const title = /^ {2}title: *(.+)$/m.exec(text)?.[1]?.replace(/^(['"])(.*)\1$/, '$2') ?? '';
  const block = /^ {2}description: *\|-?\n((?: {4}.*\n|\n)+)/m.exec(text)?.[1] ?? '';
  const summary = block
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  const symptoms = /^ {4}symptoms: *(.+)$/m.exec(text)?.[1]?.replace(/^(['"])(.*)\1$/, '$2') ?? '';
  return { title, summary, symptoms };
}

/** Vite plugin: `import { catalogue } from 'virtual:gallery'`. */
export function gallery(folder: string): Plugin {
  return {
    name: 'podscope-gallery',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined;
      const rows = readdirSync(folder)
        .filter((name) => name.endsWith('.yaml'))
        .sort()
        .map((name) => {
          const path = join(folder, name);
          this.addWatchFile(path);
          const about = describe(readFileSync(path, 'utf8'));
          if (!about.title || !about.summary)
            throw new Error(`${name}: a gallery entry needs spec.title and spec.description`);
          return { slug: basename(name, '.yaml'), ...about };
        });
      return `export const catalogue = ${JSON.stringify(rows)};`;
    },
  };
}
