// Whether the timeline is shown as a picture or as a table.

import { model } from './context.ts';

let shown = false;

export function tableShown(): boolean {
  return shown;
}

export function toggleTable(): void {
  shown = !shown;
  model.emit('view');
}

export function showTable(table: boolean): void {
  if (table !== shown) toggleTable();
}
