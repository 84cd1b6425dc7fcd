// A draw list copied out of the core, so that the core's memory can be given back at once.

import type { DrawList, Row, Tick } from '../core/contract.ts';

export interface Picture {
  height: number;
  rows: Row[];
  rects: Float32Array;
  areas: Float32Array;
  marks: Float32Array;
  texts: Float32Array;
  strings: string[];
  links: Float32Array;
  ticks: Tick[];
  ghosts: Float32Array;
  ghostMarks: Float32Array;
  bands: Float32Array;
}

export function takePicture(list: DrawList): Picture {
  const picture = {
    height: list.height,
    rows: rowsOf(list.rows()),
    rects: list.rects(),
    areas: list.areas(),
    marks: list.marks(),
    texts: list.texts(),
    strings: list.strings(),
    links: list.links(),
    ticks: list.ticks(),
    ghosts: list.ghosts(),
    ghostMarks: list.ghost_marks(),
    bands: list.bands(),
  };
  list.free();
  return picture;
}

function rowsOf(numbers: Float32Array): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i + 3 < numbers.length; i += 4)
    rows.push({ lane: numbers[i]!, y: numbers[i + 1]!, height: numbers[i + 2]!, middle: numbers[i + 3]! });
  return rows;
}
