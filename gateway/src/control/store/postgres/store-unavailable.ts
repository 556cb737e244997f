import { ControlError } from "../../errors.ts";

/** SQLSTATE classes: connection exception, invalid authorization, no such database, no resources. */
const unavailableClasses = new Set(["08", "28", "3D", "53", "57"]);
/** Lock not granted in time, read-only (a standby), idle in a transaction, serialization, deadlock. */
const unavailableStates = new Set(["55P03", "25006", "25P03", "40001", "40P01"]);

function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("severity" in error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** Whether the connection cannot be used any more: whatever the server itself did not answer. */
export function isBroken(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === null || state.startsWith("08") || state.startsWith("57P") || state === "25P03";
}

/**
 * What callers of the store are told: that PostgreSQL cannot be used now, that their text is one it
 * cannot keep, or else the error itself.
 */
export function describeFailure(error: unknown): unknown {
  if (error instanceof TypeError || error instanceof RangeError) return error;
  const state = sqlStateOf(error);
  if (state === "22021")
    return new ControlError("WEIR_INVALID_REQUEST", "A text holds a NUL character. Leave it out.", {
      cause: error,
    });
  const isOurs = state !== null && !unavailableStates.has(state);
  if (isOurs && !unavailableClasses.has(state.slice(0, 2))) return error;
  return new ControlError(
    "WEIR_STORE_UNAVAILABLE",
    "The control store does not answer now; proxies go on with the keys and policy they have. " +
      "Look whether PostgreSQL runs and can be reached. Whether a change was made just before is " +
      "seen once it answers: look before you repeat it.",
    { cause: error },
  );
}
