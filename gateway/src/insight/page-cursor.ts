import { ControlError } from "../control/errors.ts";

/** A place in a list of rows, newest first: the last one of the page before. */
export interface PageCursor {
  readonly atMs: number;
  readonly id: string;
}

/** Packs a place into a text that callers only hand back. */
export function formatCursor({ atMs, id }: PageCursor): string {
  return Buffer.from(`${atMs}:${id}`, "utf8").toString("base64url");
}

/** @throws {ControlError} WEIR_INVALID_CURSOR for a text that we never gave out. */
export function parseCursor(text: string): PageCursor {
  const decoded = Buffer.from(text, "base64url").toString("utf8");
  const match = /^(\d{1,14}):([\x21-\x7e]{1,128})$/.exec(decoded);
  const [, time, id] = match ?? [];
  if (time !== undefined && id !== undefined) return { atMs: Number(time), id };
  throw new ControlError("WEIR_INVALID_CURSOR", "Use `nextCursor` of the page before as it is.");
}
