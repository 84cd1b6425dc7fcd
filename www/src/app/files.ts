// Files and folders that are dropped on the page, or chosen, and text that is pasted outside of any field: they become
// the text.

import { isManifest, joined, type NamedText } from '../lib/files.ts';
import { typing } from '../lib/keys.ts';
import { words } from '../words/words.ts';
import { model } from './context.ts';
import { notify } from './notice.ts';
import { forgetLink, latest, pasted, replace } from './texts.ts';

/** More files, or more text, than this are not read. */
const MOST_FILES = 200;
const MOST_BYTES = 1 << 20;

async function read(files: readonly File[], beside = false): Promise<void> {
  const wanted = files.length === 1 ? files : files.filter((file) => isManifest(file.name));
  const size = wanted.reduce((sum, file) => sum + file.size, 0);
  if (wanted.length === 0 || wanted.length > MOST_FILES || size > MOST_BYTES) {
    notify({ text: wanted.length === 0 ? words.files.none : words.files.much, error: true });
    return;
  }
  const isLatest = latest();
  const texts: NamedText[] = [];
  for (const file of wanted) texts.push({ name: file.webkitRelativePath || file.name, text: await file.text() });
  if (!isLatest()) return;
  forgetLink();
  const more = joined(texts);
  replace(beside ? `${more.trimEnd()}\n---\n${model.text}` : more, words.files.opened(texts.length));
}

/** All files of a dropped entry, folders included. */
async function within(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (found.length > MOST_FILES) return;
  if (entry.isFile) {
    found.push(await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) return;
    for (const inner of some) if (!inner.name.startsWith('.')) await within(inner, found);
  }
}

/** What a drop carries. It has to be taken during the event: afterwards the lists are empty. */
export interface Dropped {
  entries: FileSystemEntry[];
  files: File[];
}

function carried(data: DataTransfer): Dropped {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return { entries, files: [...data.files] };
}

async function readDropped({ entries, files }: Dropped): Promise<void> {
  if (!entries.some((entry) => entry.isDirectory)) {
    await read(files);
    return;
  }
  const found: File[] = [];
  for (const entry of entries) await within(entry, found);
  await read(found.filter((file) => isManifest(file.name)));
}

/** Opens what was dropped. */
export function open(dropped: Dropped): void {
  void readDropped(dropped).catch(() => notify({ text: words.files.none, error: true }));
}

/** Opens text that was pasted outside of any field. */
export function paste(text: string): void {
  if (text.trim() !== '') pasted(text);
}

/** Opens the browser's own dialog for files. */
export function chooseFiles(): void {
  choose(false);
}

/** The same for files that come before the text as it stands. */
export function addFiles(): void {
  choose(true);
}

function choose(beside: boolean): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = '.yaml,.yml,.json,text/yaml';
  input.addEventListener('change', () => void read([...(input.files ?? [])], beside));
  input.click();
}

export function startFiles(): void {
  const carries = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  const mark = (on: boolean) => document.documentElement.classList.toggle('dropping', on);
  // In the capture phase, before the editor would put the file's text at the pointer.
  addEventListener(
    'dragover',
    (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      mark(true);
    },
    true,
  );
  addEventListener('dragleave', (event) => event.relatedTarget === null && mark(false), true);
  addEventListener(
    'drop',
    (event) => {
      if (!carries(event) || !event.dataTransfer) return;
      event.preventDefault();
      event.stopPropagation();
      mark(false);
      open(carried(event.dataTransfer));
    },
    true,
  );
  document.addEventListener('paste', (event) => {
    if (event.defaultPrevented || typing(event) || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    paste(event.clipboardData?.getData('text/plain') ?? '');
  });
}
