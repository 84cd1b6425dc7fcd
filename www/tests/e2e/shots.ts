// Where the tests put the pictures they take.

import { mkdirSync } from 'node:fs';

export const shots = new URL('../../test-results/', import.meta.url).pathname;
mkdirSync(shots, { recursive: true });
