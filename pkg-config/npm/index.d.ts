import type { FrameHandle, FrameReport, PodScopeElement } from './api.js';

export type * from './api.js';

/** The element's class. Nothing is registered until `definePodScope` is called or `podscope/define` is imported. */
export declare const PodScope: {
  new (): PodScopeElement;
  readonly observedAttributes: readonly string[];
};

/** Registers `<pod-scope>`, once; does nothing where there are no custom elements. */
export declare function definePodScope(): void;

/** Says where "Open in playground" leads: the folder of a site of Podscope. The attribute `playground` wins. */
export declare function setPlayground(url: string): void;

/** Follows an iframe that shows `embed.html`, and gives it the height it needs. */
export declare function connectFrame(frame: HTMLIFrameElement, hear?: (report: FrameReport) => void): FrameHandle;

/** Makes elements of the fenced blocks of language `podscope` below a node. Returns how many are new. */
export declare function upgradeFences(root?: ParentNode): number;

/** The same now and whenever the page changes. Returns what ends it. */
export declare function watchFences(): () => void;
