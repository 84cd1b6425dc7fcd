// The speeds of the player, in simulated seconds per real second.

export const speeds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** The next speed up or down; stays at the ends. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  const at = speeds.indexOf(speed);
  return speeds[Math.min(speeds.length - 1, Math.max(0, at + direction))] ?? speed;
}

/** The speed at which a run of this length takes about half a minute. */
export function fittingSpeed(untilUs: number): number {
  const wanted = untilUs / 1e6 / 30;
  return speeds.find((s) => s >= wanted) ?? 1000;
}
