/** Keeps the counters of budgets for the workers of this machine. */
import { randomUUID } from "node:crypto";
import { Keeper } from "../budget/keeper.ts";
import type { Answer, Message } from "../budget/protocol.ts";

const SWEEP_EVERY_MS = 60_000;

import type { Child } from "./child.ts";

export interface KeeperHost {
  exchange(spender: string, message: Message): Promise<readonly Answer[]>;
  /** A worker's process has ended. */
  leave(spender: string): void;
  close(): Promise<void>;
}

/** Each life of a worker is a spender of its own: what it held ends with it. */
export function serveBudgets(child: Child, keeper: KeeperHost): void {
  const spender = randomUUID();
  child.onBudget = (message) => keeper.exchange(spender, message);
  void child.exited.then(() => keeper.leave(spender));
}

export function createLocalKeeper(now: () => number): KeeperHost & { readonly keeper: Keeper } {
  const keeper = new Keeper(now);
  const sweeping = setInterval(() => keeper.sweep(), SWEEP_EVERY_MS);
  sweeping.unref();
  return {
    keeper,
    exchange: async (spender, message) => keeper.exchange(spender, message),
    leave: (spender) => keeper.leave(spender),
    close: async () => clearInterval(sweeping),
  };
}
