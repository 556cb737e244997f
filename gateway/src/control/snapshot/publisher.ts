import type { Budget } from "../../contracts/budget.ts";
import type { SnapshotDelegation } from "../../contracts/delegation.ts";
import type { Snapshot } from "../../contracts/snapshot.ts";
import { ControlError } from "../errors.ts";
import { readRevision } from "../store/change.ts";
import type { Store } from "../store/open-store.ts";
import { buildSnapshot, type LoadedPolicy } from "./build.ts";
import { readSnapshotSource } from "./read-source.ts";

// One waiter a proxy worker: more than any fleet that one control serves, and still a bound.
const maxWaiters = 4096;

export interface SnapshotPublisherOptions {
  readonly store: Store;
  readonly policy: () => LoadedPolicy | null;
  /** Proxies take tokens, and have to know whom these may name. */
  readonly withDirectory?: boolean;
  /** Left out = none. */
  readonly budgets?: () => Promise<readonly Budget[]>;
  /** Left out = no tokens of Weir's own. */
  readonly delegation?: () => Promise<SnapshotDelegation | null>;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  /** Called after each look into the store that went well. */
  readonly onLooked?: () => void;
}

/** Keeps the current snapshot, rebuilds it when the store or the policy has changed. */
export class SnapshotPublisher {
  readonly #options: SnapshotPublisherOptions;
  readonly #waiters = new Set<() => void>();
  #current: Snapshot | null = null;
  #encoded = "";
  #revision = -1;
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: SnapshotPublisherOptions) {
    this.#options = options;
  }

  /** The snapshot in force, with its JSON text; null until the first one has been built. */
  get current(): { readonly snapshot: Snapshot; readonly encoded: string } | null {
    return this.#current && { snapshot: this.#current, encoded: this.#encoded };
  }

  /** Rebuilds now. Calls never overlap: each one sees all that was committed before it. */
  refresh(): Promise<void> {
    this.#running = this.#running.catch(() => undefined).then(() => this.#rebuild());
    return this.#running;
  }

  /** Begins to look for changes of the store by this and other processes every `intervalMs`. */
  startPolling(intervalMs: number): void {
    const look = async (): Promise<void> => {
      try {
        if ((await readRevision(this.#options.store)) !== this.#revision) await this.refresh();
        this.#options.onLooked?.();
      } catch (error) {
        this.#options.onError(error);
      }
      if (this.#timer !== null) this.#timer = setTimeout(() => void look(), intervalMs);
    };
    this.#timer = setTimeout(() => void look(), intervalMs);
  }

  /** Waits until the version is no longer `version`, the time is up, or the signal fires. */
  waitForChange(version: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (this.#current !== null && this.#current.version !== version) return Promise.resolve();
    if (this.#isStopped || signal.aborted || timeoutMs <= 0) return Promise.resolve();
    if (this.#waiters.size >= maxWaiters) {
      throw new ControlError("WEIR_TOO_MANY_WAITING", "Too many proxies are waiting. Try again.");
    }
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        this.#waiters.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      signal.addEventListener("abort", finish, { once: true });
      this.#waiters.add(finish);
    });
  }

  /** Stops polling and lets every waiter go. Finishes when no rebuild is running any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const finish of this.#waiters) finish();
    await this.#running.catch(() => undefined);
  }

  async #rebuild(): Promise<void> {
    const { store, policy, now, budgets, delegation, withDirectory = false } = this.#options;
    // Read first: a change that lands in between makes the next poll build once more.
    const revision = await readRevision(store);
    const rows = await readSnapshotSource(store, now(), withDirectory);
    const limits = (await budgets?.()) ?? [];
    const delegated = (await delegation?.()) ?? null;
    const snapshot = buildSnapshot(
      { ...rows, policy: policy(), budgets: limits, delegation: delegated },
      now(),
    );
    this.#revision = revision;
    if (snapshot.version === this.#current?.version) return;
    this.#current = snapshot;
    this.#encoded = JSON.stringify(snapshot);
    for (const finish of this.#waiters) finish();
  }
}
