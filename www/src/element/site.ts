// `pod-scope.js` of a site: one script gives `<pod-scope>` to a page, and "Open in playground" leads to this site.

import { setPlayground } from './playground.ts';
import { definePodScope } from './pod-scope.ts';

// Cut by hand: bundlers take `new URL` of a place beside the script for a file to be bundled.
setPlayground(import.meta.url.replace(/[^/]*$/, ''));
definePodScope();
