// Types of the core's package while it has not been built yet; afterwards the generated ones are used.

import type { Podscope as Contract } from './contract.ts';

export const Podscope: new () => Contract;
export default function init(): Promise<unknown>;
