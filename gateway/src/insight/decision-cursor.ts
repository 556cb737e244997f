import { ControlError } from "../control/errors.ts";

/** A place in the list of decisions, newest first: the last one of the page before. */
export interface DecisionCursor {
  readonly decidedAtMs: number;
  readonly id: string;
}

/** Packs a place into a text that callers only hand back. */
export function formatCursor({ decidedAtMs, id }: DecisionCursor): string {
  return Buffer.from(`${decidedAtMs}:${id}`, "utf8").toString("base64url");
}

/** @throws {ControlError} WEIR_INVALID_CURSOR for a text that we never gave out. */
export function parseCursor(text: string): DecisionCursor {
  const decoded = Buffer.from(text, "base64url").toString("utf8");
  const match = /^(\d{1,14}):([\x21-\x7e]{1,128})$/.exec(decoded);
  const [, time, id] = match ?? [];
  if (time !== undefined && id !== undefined) return { decidedAtMs: Number(time), id };
  throw new ControlError("WEIR_INVALID_CURSOR", "Use `nextCursor` of the page before as it is.");
}
