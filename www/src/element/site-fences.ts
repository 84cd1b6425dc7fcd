// `fences.js` of a site: one script makes every fenced block of language `podscope` a living figure.

import { watchFences } from './fences.ts';
import { setPlayground } from './playground.ts';
import { definePodScope } from './pod-scope.ts';

// Cut by hand: bundlers take `new URL` of a place beside the script for a file to be bundled.
setPlayground(import.meta.url.replace(/[^/]*$/, ''));
definePodScope();
watchFences();
