import { HEADS_FILE, type NoteInFile } from "../heads/heads-file.ts";
import { type Head, noteDigest, parseHead } from "../heads/head.ts";
import { checkNote, type Note, parseNote, type VerifierKey } from "../heads/note.ts";
import type { Finding } from "./finding.ts";

/** A head that can be held against the leaves. */
export interface CheckedHead {
  readonly head: Head;
  /** Its byte in the file. */
  readonly offset: number;
}

interface SignedPlace {
  readonly parsed: Note;
  readonly where: string;
  readonly at: { readonly file: string; readonly offset: number };
  readonly size: number;
}

const VERIFY_EVERY = 64;

/** Checks heads one after the other: form, signature, name, chain, size and time. */
export class HeadChecker {
  count = 0;
  /** The size that heads have reached. */
  size = 0;
  readonly #key: VerifierKey;
  readonly #report: (finding: Finding) => void;
  readonly #file: string;
  #previous: { note: string; head: Head } | null = null;
  #isFirst: boolean;
  #isSuspicious = false;
  #unverified: SignedPlace | null = null;

  /** @param fromStart whether the first head that comes is the first of the log. */
  constructor(
    key: VerifierKey,
    report: (finding: Finding) => void,
    { file = HEADS_FILE, fromStart = true } = {},
  ) {
    this.#key = key;
    this.#report = report;
    this.#file = file;
    this.#isFirst = fromStart;
  }

  /** @returns null when it is no head that the log's key has signed. */
  check({ note, offset, isWhole }: NoteInFile): CheckedHead | null {
    const at = { file: this.#file, offset };
    const where = `the head at byte ${offset} of ${this.#file}`;
    const parsed = isWhole ? parseNote(note) : null;
    const head = parsed === null ? null : parseHead(parsed.text);
    if (parsed === null || head === null) {
      const message = `What stands at byte ${offset} of ${this.#file} is no whole head`;
      this.#report({ kind: "head-broken", message, ...at });
      return null;
    }
    const digest = this.#previous === null ? null : noteDigest(this.#previous.note);
    const isLinked = digest !== null && head.previous === digest;
    const signed = { parsed, where, at, size: head.size };
    // A signature vouches for the heads before it as well, as long as each holds the digest of
    // the one before: so only some are verified, and all around a link that is broken.
    if (!isLinked) this.finish();
    const isDue = !isLinked || this.#isSuspicious || this.count % VERIFY_EVERY === 0;
    if (isDue && !this.#verify(signed)) return null;
    this.#unverified = isDue ? null : signed;
    this.#checkPlace(head, isLinked, where, at);
    this.#previous = { note, head };
    this.#isFirst = false;
    this.count += 1;
    this.size = Math.max(this.size, head.size);
    return { head, offset };
  }

  /** Verifies the last head, if it was not. */
  finish(): void {
    if (this.#unverified !== null) this.#verify(this.#unverified);
    this.#unverified = null;
  }

  #verify({ parsed, where, at, size }: SignedPlace): boolean {
    const validity = checkNote(parsed, this.#key);
    if (validity === "valid") return true;
    this.#isSuspicious = true;
    const who = parsed.signatures.map(({ name, keyId }) => `${name}+${keyId}`).join(", ");
    const message =
      validity === "invalid"
        ? `The signature of ${where} (size ${size}) does not hold: it was changed`
        : `Not the log's key has signed ${where} (size ${size}), but ${who}`;
    this.#report({ kind: "head-signature", message, ...at });
    return false;
  }

  #checkPlace(
    head: Head,
    isLinked: boolean,
    where: string,
    at: { file: string; offset: number },
  ): void {
    const say = (kind: Finding["kind"], message: string) => this.#report({ kind, message, ...at });
    if (head.origin !== this.#key.name)
      say("head-signature", `The name in ${where} is ${head.origin}, not the log's`);
    const before = this.#previous;
    if (before === null) {
      if (this.#isFirst && head.previous !== null)
        say("head-order", `Heads before ${where} (size ${head.size}) were removed`);
      return;
    }
    const { size } = before.head;
    if (!isLinked)
      say("head-order", `A head was removed, added or moved before ${where} (size ${head.size})`);
    if (head.size < size)
      say("head-order", `The log has shrunk with ${where}: from ${size} leaves to ${head.size}`);
    if (head.timeMs < before.head.timeMs)
      say("head-order", `The time goes back with ${where} (size ${head.size})`);
    const isOther = !head.root.equals(before.head.root);
    if (head.size === size && isOther)
      say("head-fork", `Two heads of ${size} leaves have different roots: see ${where}`);
  }
}
