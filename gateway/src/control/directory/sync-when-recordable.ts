import { setTimeout as sleep } from "node:timers/promises";
import { ControlError } from "../errors.ts";
import type { ControlContext } from "../store/change.ts";
import type { DirectoryPlan } from "./plan.ts";
import { syncDirectory } from "./sync.ts";

const retryMs = 1000;

const isPassing: ReadonlySet<string> = new Set([
  "WEIR_AUDIT_UNAVAILABLE",
  "WEIR_STORE_UNAVAILABLE",
]);

/**
 * Does {@link syncDirectory}; while changes cannot be recorded, people and teams stay as they were
 * at the last start, and it is tried again until `signal` fires.
 *
 * @returns once it has been tried; `done` resolves when there is nothing left to try.
 */
export async function syncWhenRecordable(
  context: ControlContext,
  plan: DirectoryPlan,
  options: {
    readonly signal: AbortSignal;
    /** What follows from it; tried again together with it. */
    readonly afterwards?: () => Promise<void>;
    readonly log: { error: (fields: object, message: string) => void };
  },
): Promise<{ readonly done: Promise<void> }> {
  const { signal, log } = options;
  const isDone = async (): Promise<boolean> => {
    try {
      await syncDirectory(context, plan);
      await options.afterwards?.();
      return true;
    } catch (error) {
      if (!(error instanceof ControlError) || !isPassing.has(error.code)) throw error;
      return false;
    }
  };
  if (await isDone()) return { done: Promise.resolve() };
  log.error({}, "people and teams stay as they were: a change could not be recorded now");
  const retry = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted && (await isDone())) return;
    }
  };
  const done = retry().catch((error: unknown) => {
    log.error({ err: error }, "people and teams could not be brought up to date");
  });
  return { done };
}
