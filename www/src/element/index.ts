// `podscope`: the element's class and what goes with it. Nothing happens on import.

export type * from './api.ts';
export { connectFrame } from './connect.ts';
export { upgradeFences, watchFences } from './fences.ts';
export { setPlayground } from './playground.ts';
export { definePodScope, PodScope } from './pod-scope.ts';
