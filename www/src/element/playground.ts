// Where "Open in playground" leads. A script that comes with a site of Podscope knows its own site; one from a package
// knows none, and the element's attribute `playground` says it.

let base = '';

export function playground(): string {
  return base;
}

export function setPlayground(url: string): void {
  base = url;
}
