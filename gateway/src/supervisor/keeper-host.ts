/** Keeps the counters of budgets for the workers of this machine. */
import { randomUUID } from "node:crypto";
import { Emergency } from "../budget/emergency.ts";
import { GIVE_BACK_AFTER_MS, Keeper } from "../budget/keeper.ts";
import type { Answer, Message } from "../budget/protocol.ts";
import { Replica } from "../budget/replica.ts";
import { SharedAuthority } from "../budget/shared-authority.ts";
import { ValkeyAuthority } from "../budget/valkey/valkey-authority.ts";
import type { Config } from "../config/schema.ts";
import type { Child } from "./child.ts";
import { readKeeperFile, writeKeeperFile } from "./keeper-file.ts";
import type { SupervisorLog } from "./kept-child.ts";
import { type KnownSpend, followLedger } from "./follow-ledger.ts";

const SWEEP_EVERY_MS = 10_000;
const KEEP_EVERY_MS = 2_000;
const TICK_MS = 100;
const RENEW_MS = 500;

export interface KeeperHost {
  exchange(spender: string, message: Message): Promise<readonly Answer[]>;
  /** A worker's process has ended. */
  leave(spender: string): void;
  close(): Promise<void>;
}

export interface KeeperOptions {
  readonly limits: Pick<Config["limits"], "valkeyUrl" | "replicas">;
  readonly valkeyPassword: string | undefined;
  /** Where what is spent outlasts this process, without a ledger being asked. */
  readonly file: string;
  readonly log: SupervisorLog;
  /** What the ledger knows to be spent. @throws while it cannot be read. */
  readonly readSpent: (signal: AbortSignal) => Promise<readonly KnownSpend[]>;
}

/** Each life of a worker is a spender of its own: what it held ends with it. */
export function serveBudgets(child: Child, keeper: KeeperHost): void {
  const spender = randomUUID();
  child.onBudget = (message) => keeper.exchange(spender, message);
  void child.exited.then(() => keeper.leave(spender));
}

/** In memory, or in Valkey when several machines share the counters. */
export function createKeeper(options: KeeperOptions): KeeperHost {
  return options.limits.valkeyUrl === "" ? localKeeper(options) : sharedKeeper(options);
}

function localKeeper({ readSpent, file, log }: KeeperOptions): KeeperHost {
  const keeper = new Keeper(Date.now);
  const restored = readKeeperFile(file).then((spent) => keeper.restore(spent));
  const sweeping = setInterval(() => keeper.sweep(), SWEEP_EVERY_MS);
  let writing = restored;
  const write = () => {
    writing = writing
      .then(() => writeKeeperFile(file, keeper.spent()))
      .catch((err: unknown) => log.error({ err }, "what budgets have spent could not be kept"));
  };
  const keeping = setInterval(write, KEEP_EVERY_MS);
  const ledger = followLedger({ readSpent, seed: async (known) => keeper.seed(known) });
  return {
    exchange: async (spender, message) => {
      await restored;
      return keeper.exchange(spender, message);
    },
    leave: (spender) => {
      keeper.leave(spender);
      // It may have spent without a word; its spool has it on record.
      ledger.hurry();
    },
    close: async () => {
      clearInterval(sweeping);
      clearInterval(keeping);
      await ledger.stop();
      write();
      await writing;
    },
  };
}

function sharedKeeper({ limits, valkeyPassword, log, readSpent }: KeeperOptions): KeeperHost {
  const emergency = new Emergency(limits.replicas);
  const valkey = new ValkeyAuthority({
    url: limits.valkeyUrl,
    password: valkeyPassword,
    spender: randomUUID(),
    onTotal: (key, total) => emergency.heard(key, total),
    onLoss: () => {
      replica.tellAll();
      ledger.hurry();
    },
    // Each one is told of once by `onReach`; an unhandled one would end the process.
    onError: () => undefined,
  });
  const replica = new Replica(
    new SharedAuthority({
      shared: valkey,
      emergency,
      onReach: (isInReach, err) => {
        if (isInReach) log.info({}, "the shared counters of budgets are back");
        else
          log.error({ err }, "the shared counters of budgets are out of reach: limits are local");
      },
    }),
  );
  const ledger = followLedger({ readSpent, seed: (known) => valkey.seed(known) });
  const ticking = setInterval(() => replica.tick(Date.now()), TICK_MS);
  const renewing = setInterval(() => replica.renew(), RENEW_MS);
  return {
    exchange: (spender, message) => replica.exchange(spender, message),
    leave: (spender) => {
      setTimeout(() => replica.leave(spender), GIVE_BACK_AFTER_MS).unref();
      ledger.hurry();
    },
    close: async () => {
      clearInterval(ticking);
      clearInterval(renewing);
      await ledger.stop();
      await replica.flush();
      valkey.close();
    },
  };
}
