/// <reference types="vite/client" />

declare module 'virtual:gallery' {
  /** Every built-in scenario, in the order of its file name. */
  export const catalogue: { slug: string; title: string; summary: string; symptoms: string }[];
}
