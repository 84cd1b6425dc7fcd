// One core for all elements of a page: it is fetched and compiled once, and each element has an instance of its class.
// When it traps, every instance is lost with it; all elements are then connected anew.

import type { Podscope } from '../core/contract.ts';
import { hasRest, loadCore, loadRest, newCore, renewCore } from '../core/load.ts';
import { type Crash, Session } from '../core/session.ts';

let loading: Promise<void> | null = null;

/** Loads the core, once for everybody. After a failure the next call tries again. */
export function sharedCore(): Promise<void> {
  loading ??= loadCore().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** Loads all of the core, for a call that cannot be repeated. */
export async function wholeCore(): Promise<void> {
  await sharedCore();
  await loadRest();
}

let whole = false;

/** Does something when all of the core is there, or could not be fetched: at once, if it is. */
export function whenWhole(job: () => void): void {
  if (whole) {
    job();
    return;
  }
  const come = (): void => {
    whole = true;
  };
  void loadRest()
    .then(come, () => undefined)
    .then(job);
}

export interface Client {
  /** The core has been made anew, and this client's instance is gone. */
  reconnect(): void;
  crashed(crash: Crash): void;
  /** The rest of the core has come, which this client's session waited for. */
  completed(session: Session): void;
  /** It could not be fetched. */
  incomplete(message: string): void;
}

const clients = new Map<Client, Session>();

/** Keeps everybody else from a core that broke off in the middle of a call. */
function holdOthers(client: Client): void {
  for (const [other, session] of clients) if (other !== client) session.hold();
}

/** A session over the shared core. */
export function join(client: Client): Session {
  // A client that was connected anew has another session by now; what comes late for this one concerns nobody.
  const current = (): boolean => clients.get(client) === session;
  const renew = (): Podscope => {
    if (!current()) return newCore();
    const fresh = renewCore();
    holdOthers(client);
    for (const other of clients.keys())
      if (other !== client) queueMicrotask(() => clients.has(other) && other.reconnect());
    return fresh;
  };
  const load = (): Promise<void> => {
    holdOthers(client);
    return loadRest();
  };
  const session: Session = new Session(newCore, (crash) => client.crashed(crash), renew, {
    there: hasRest,
    load,
    ready: () => current() && client.completed(session),
    failed: (message) => current() && client.incomplete(message),
  });
  clients.set(client, session);
  return session;
}

export function leave(client: Client): void {
  clients.delete(client);
}
