// What is asked of the run before the run is there. Requests are kept in order and tried again whenever something has
// come, so that no key and no click is lost while the page loads or computes.

interface Request {
  name: string;
  /** Does what was asked for. False: something is missing, try again later. */
  attempt(): boolean;
}

export class Requests {
  private list: Request[] = [];
  private trying = false;

  /** Tries at once, unless earlier requests are still waiting. */
  add(attempt: () => boolean, name = ''): void {
    this.list.push({ name, attempt });
    this.retry();
  }

  /** Tries the waiting requests in order, up to the first one that has to wait longer. */
  retry(): void {
    if (this.trying) return;
    this.trying = true;
    try {
      for (let first = this.list[0]; first; first = this.list[0]) {
        let done = true;
        try {
          done = first.attempt();
        } finally {
          if (done) this.list.shift();
        }
        if (!done) break;
      }
    } finally {
      this.trying = false;
    }
  }

  has(name: string): boolean {
    return this.list.some((request) => request.name === name);
  }

  /** Lets the job make requests before those that are waiting. */
  before(job: () => void): void {
    const waiting = this.list;
    this.list = [];
    job();
    this.list.push(...waiting);
    this.retry();
  }
}
