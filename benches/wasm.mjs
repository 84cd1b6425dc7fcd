// Speed of the built core in Node: `node benches/wasm.mjs [manifest] [rounds]`, after `cargo serve` or `cargo pack` has
// built it. A round is a keystroke: text in, ten simulated minutes computed, diagnostics, lanes and draw list out.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [manifest = at("../www/gallery/01-a-whole-life.yaml"), rounds = "400"] = process.argv.slice(2);
const folder = process.env.PODSCOPE_PKG ?? at("../www/src/core/pkg");
const core = await import(`${folder}/podscope.js`);
core.initSync({ module: readFileSync(`${folder}/podscope_bg.wasm`) });

const TEN_MINUTES = 600_000_000;
const text = untilTenMinutes(readFileSync(manifest, "utf8"));

/** The scenario's horizon becomes ten minutes; a text without a scenario gets one. */
function untilTenMinutes(text) {
  if (/^ {2}until:/m.test(text)) return text.replace(/^ {2}until:.*$/m, "  until: 10m");
  if (/^kind: Scenario$/m.test(text)) return text.replace(/^(kind: Scenario\n(?:.*\n)*?spec:)/m, "$1\n  until: 10m");
  return `${text}\n---\napiVersion: podscope/v1\nkind: Scenario\nmetadata:\n  name: bench\nspec:\n  until: 10m\n`;
}

const playground = new core.Podscope();
function keystroke(round) {
  // Each text differs from the last, as it does under somebody's fingers.
  playground.set_text(`# ${round}\n${text}`, 0);
  let progress;
  do progress = playground.advance(100_000);
  while (!progress.done);
  const said = playground.diagnostics();
  const lanes = playground.lanes();
  const request = { width: 1200, from_us: 0, to_us: TEN_MINUTES, folded: [], selected: null, char_width: 6 };
  playground.layout({ ...request, advances: null, top: null, bottom: null })?.free?.();
  return { said, lanes, progress };
}

const { said, lanes, progress } = keystroke(0);
const errors = said.filter((d) => d.severity === "error");
if (errors.length > 0) throw new Error(errors[0].message);
for (let round = 1; round <= 50; round++) keystroke(round);
const took = [];
for (let round = 0; round < Number(rounds); round++) {
  const before = process.cpuUsage();
  const start = performance.now();
  keystroke(round);
  const wall = performance.now() - start;
  const cpu = process.cpuUsage(before);
  took.push({ wall, cpu: (cpu.user + cpu.system) / 1000 });
}

const quantile = (name, part) => {
  const sorted = took.map((t) => t[name]).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(2);
};
const seconds = progress.until_us / 1e6;
console.log(`${lanes.length} lanes, ${progress.entries} entries, ${seconds} s; ${took.length} rounds, in ms:`);
for (const name of ["wall", "cpu"]) {
  console.log(`${name}: fastest ${quantile(name, 0)}, median ${quantile(name, 0.5)}, p95 ${quantile(name, 0.95)}`);
}
