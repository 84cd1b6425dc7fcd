// One core for all elements of a page: it is fetched and compiled once, and each element has an instance of its class.
// When it traps, every instance is lost with it; all elements are then connected anew.

import type { Podscope } from '../core/contract.ts';
import { loadCore, newCore, renewCore } from '../core/load.ts';
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

export interface Client {
  /** The core has been made anew, and this client's instance is gone. */
  reconnect(): void;
  crashed(crash: Crash): void;
}

const clients = new Map<Client, Session>();

/** A session over the shared core. */
export function join(client: Client): Session {
  const renew = (): Podscope => {
    // A client that was connected anew has another session by now: a crash of the old one concerns nobody else.
    if (clients.get(client) !== session) return newCore();
    const fresh = renewCore();
    for (const [other, its] of clients) {
      if (other === client) continue;
      its.retire();
      queueMicrotask(() => clients.has(other) && other.reconnect());
    }
    return fresh;
  };
  const session: Session = new Session(newCore, (crash) => client.crashed(crash), renew);
  clients.set(client, session);
  return session;
}

export function leave(client: Client): void {
  clients.delete(client);
}
