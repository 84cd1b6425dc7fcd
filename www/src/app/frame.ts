// The only owner of requestAnimationFrame. Work is asked for by phase, and one frame runs the phases in order: animate
// (move the present, compute on), then update (DOM), then paint (canvas). When nothing is left to do the page says so
// in `data-idle`, which tests wait for.

type Job = (now: number) => void;

const animators = new Set<Job>();
const updates = new Set<Job>();
const paints = new Set<Job>();
const holds = new Set<string>();
let requested = false;
/** Whether the document is the page's own, to be marked; in somebody else's nothing is. */
let marks = false;

/** The document is the page's own: `data-idle` says when nothing is left to do. */
export function markIdle(): void {
  marks = true;
}

function request(): void {
  if (requested) return;
  requested = true;
  if (marks) delete document.documentElement.dataset.idle;
  requestAnimationFrame(run);
}

function run(now: number): void {
  requested = false;
  for (const job of [...animators]) job(now);
  flush(updates, now);
  flush(paints, now);
  if (animators.size > 0 || updates.size > 0 || paints.size > 0) request();
  else sayIdle();
}

function flush(jobs: Set<Job>, now: number): void {
  const due = [...jobs];
  jobs.clear();
  for (const job of due) job(now);
}

function sayIdle(): void {
  if (marks && !requested && holds.size === 0) document.documentElement.dataset.idle = 'true';
}

/** Runs the job in every frame until the returned function is called. */
export function animate(job: Job): () => void {
  animators.add(job);
  request();
  return () => {
    animators.delete(job);
  };
}

/** Runs the job once in the next frame's update phase. The same job asked for twice runs once. */
export function update(job: Job): void {
  updates.add(job);
  request();
}

/** Runs the job once in the next frame's paint phase. */
export function paint(job: Job): void {
  paints.add(job);
  request();
}

/** Keeps the page from calling itself idle while something is loading. */
export function hold(what: string): () => void {
  holds.add(what);
  if (marks) delete document.documentElement.dataset.idle;
  return () => {
    holds.delete(what);
    request();
  };
}
