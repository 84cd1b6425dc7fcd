// Finds out what the core needs for first pictures: `node profile.mjs PKG INSTRUMENTED SCENARIO…` plays scenarios on the
// instrumented module (pkg-config/src/build/split/instrument.rs) with all the calls that the page makes by itself, and
// those with which a reader looks around in the picture, and prints the numbers of the functions that ran.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , pkg, instrumented, ...scenarios] = process.argv;
const glue = pathToFileURL(`${pkg}/podscope.js`);
// Links are made by the core as it is: whoever opens one has not made it.
const plain = await import(`${glue}?plain`);
plain.initSync({ module: readFileSync(`${pkg}/podscope_bg.wasm`) });
const core = await import(glue);
const exports = core.initSync({ module: readFileSync(instrumented) });

/** As `www/src/core/session.ts`, `www/src/app/model.ts` and the timeline ask. */
function visit(playground, text, language) {
  playground.set_language(language);
  playground.set_text(text, 0);
  compute(playground);
  const { until_us } = playground.info();
  playground.diagnostics();
  const lanes = playground.lanes();
  paint(playground, { from_us: 0, to_us: until_us, folded: lanes.filter((lane) => lane.folded).map((lane) => lane.id) });
  // It begins to play. What the panels show is asked for when all of the core has come, and so are bands and ghosts.
  for (const share of [0, 0.01, 0.5, 1]) playground.tick(until_us * share);
  // Somebody points at it and looks closer. What is asked about it is asked when all has come.
  playground.hit(600, 20);
  paint(playground, { from_us: until_us / 4, to_us: until_us / 2, folded: [] });
}

function compute(playground) {
  for (;;) {
    const progress = playground.advance(2000);
    if (progress.done) return;
  }
}

function paint(playground, window) {
  const advances = Array.from({ length: 95 }, (_, letter) => 5 + (letter % 5) / 3);
  const usual = { width: 1159.5, selected: null, char_width: 6.21, advances, top: -200, bottom: 1000.5 };
  // The small picture of the whole run, from which most fields are left out.
  playground.layout({ ...window, width: 1160, folded: [], selected: null, char_width: 1000 }).free();
  const list = playground.layout({ ...usual, ...window });
  list.height;
  for (const part of ["rows", "rects", "marks", "texts", "strings", "links", "ghosts", "ghost_marks", "bands", "ticks"])
    list[part]();
  list.free();
}

for (const scenario of scenarios) {
  const text = readFileSync(scenario, "utf8");
  const playground = new core.Podscope();
  playground.decode_link(new plain.Podscope().encode_link(text));
  for (const language of ["zh", "en"]) visit(playground, text, language);
  playground.free();
}
const ran = (name) => name.startsWith("ran:") && exports[name].value !== 0;
for (const name of Object.keys(exports)) if (ran(name)) console.log(name.slice(4));
