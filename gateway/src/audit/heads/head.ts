import { hash } from "node:crypto";
import { HASH_BYTES } from "../merkle/hash.ts";

/** A tree head: the text of a C2SP tlog-checkpoint, with three extension lines. */
export interface Head {
  readonly origin: string;
  readonly size: number;
  /** Root of the tree of rows. */
  readonly root: Buffer;
  /** Unix milliseconds. */
  readonly timeMs: number;
  /** Root of the tree of entries: what the log says of each row besides its hash. */
  readonly entriesRoot: Buffer;
  /** {@link noteDigest} of the head before, so that none can be left out; null = the first. */
  readonly previous: string | null;
}

export function headText(head: Head): string {
  const lines = [
    head.origin,
    String(head.size),
    head.root.toString("base64"),
    `time ${new Date(head.timeMs).toISOString()}`,
    `entries ${head.entriesRoot.toString("base64")}`,
    `previous ${head.previous ?? "none"}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** @returns null for any other text. */
export function parseHead(text: string): Head | null {
  const [origin = "", size, root, time = "", entries = "", previous = ""] = text.split("\n");
  const head: Head = {
    origin,
    size: Number(size),
    root: Buffer.from(root ?? "", "base64"),
    timeMs: Date.parse(time.slice("time ".length)),
    entriesRoot: Buffer.from(entries.slice("entries ".length), "base64"),
    previous: previous === "previous none" ? null : previous.slice("previous ".length),
  };
  const isWhole =
    Number.isSafeInteger(head.size) &&
    Number.isSafeInteger(head.timeMs) &&
    head.root.length === HASH_BYTES &&
    head.entriesRoot.length === HASH_BYTES;
  return isWhole && headText(head) === text ? head : null;
}

/** SHA-256 of a whole note, in base64. */
export function noteDigest(note: string): string {
  return hash("sha256", note, "base64");
}
