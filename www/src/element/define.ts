// `podscope/define`: importing it gives `<pod-scope>` to the page.

import { definePodScope } from './pod-scope.ts';

definePodScope();
