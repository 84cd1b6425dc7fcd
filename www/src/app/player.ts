// Plays the present along the computed future. A frame sets a target, never the clock: the target is taken from the
// real time since play began, and the core runs every due event at its own instant up to it.
//
//   Paused  -> [toggle]            -> Playing
//   Playing -> [toggle, pause]     -> Paused
//   Playing -> [target past end]   -> Paused
//   Playing -> [seek, speed]       -> Playing, from there

import * as frame from './frame.ts';

/** A longer frame (a hidden tab, a busy machine) moves the target only this far. */
const LONGEST_FRAME_MS = 250;

export class Player {
  speed = 10;
  playing = false;
  private target = 0;
  private last = 0;
  private stop: (() => void) | null = null;
  private listeners = new Set<() => void>();

  /** `move` steps the present to an instant and says whether the end is reached. */
  constructor(private readonly move: (us: number) => boolean) {}

  onEnd(job: () => void): void {
    this.listeners.add(job);
  }

  toggle(now: number): void {
    if (this.playing) this.pause();
    else this.play(now);
  }

  play(now: number): void {
    if (this.playing) return;
    this.playing = true;
    this.target = now;
    this.last = 0;
    this.stop = frame.animate((at) => this.onFrame(at));
  }

  pause(): void {
    this.stop?.();
    this.stop = null;
    this.playing = false;
  }

  /** Somebody moved the present: play goes on from there. */
  retarget(us: number): void {
    this.target = us;
    this.last = 0;
  }

  setSpeed(speed: number, now: number): void {
    this.speed = speed;
    this.target = now;
  }

  private onFrame(at: number): void {
    const elapsed = this.last === 0 ? 0 : Math.min(at - this.last, LONGEST_FRAME_MS);
    this.last = at;
    this.target += elapsed * 1000 * this.speed;
    if (!this.move(this.target)) return;
    this.pause();
    for (const job of this.listeners) job();
  }
}
