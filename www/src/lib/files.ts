// Several files as one text: documents one after the other, each file under its name.

export interface NamedText {
  name: string;
  text: string;
}

/** What is taken from a folder. */
export function isManifest(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name);
}

/** One text of all files, in the order of their names; a single file stays as it is. */
export function joined(files: readonly NamedText[]): string {
  const [only] = files;
  if (files.length === 1 && only) return only.text;
  return [...files]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .filter((file) => file.text.trim() !== '')
    .map((file) => {
      const body = file.text
        .replace(/^\uFEFF/, '')
        .replace(/^\s*---[ \t]*\n/, '')
        .replace(/\s*$/, '\n');
      return `# ${file.name}\n${body}`;
    })
    .join('---\n');
}
