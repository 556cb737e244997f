import { createHash } from "node:crypto";
import { hasRoom, slackFor } from "./decide.ts";
import type { Answer, Charge, Message, Position, Standing, Want } from "./protocol.ts";

/** Sessions and runs are named by clients: their number has to have an end. */
const MAX_COUNTERS = 200_000;

/** What a worker that died has held stays held for so long. */
export const GIVE_BACK_AFTER_MS = 15_000;

/** A counter under a digest of its name. */
export interface DigestedSpend {
  readonly digest: string;
  readonly spent: number;
  readonly expiresAtMs: number;
}

interface Counter {
  readonly positions: Map<string, { spent: number; held: number }>;
  /** By spenders that are there or gone, or as the ledger alone knows. */
  spent: number;
  held: number;
  expiresAtMs: number;
  hasWarned: boolean;
}

/** The counters of one machine, shared by its workers. Works in memory; the clock is passed in. */
export class Keeper {
  readonly #counters = new Map<string, Counter>();
  readonly #spenders = new Set<string>();
  readonly #restored = new Map<string, DigestedSpend>();
  readonly #gone: { spender: string; giveBackAtMs: number }[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  exchange(spender: string, { positions, wants }: Message): Answer[] {
    this.#giveBack();
    this.#spenders.add(spender);
    for (const position of positions) this.#place(spender, position);
    return wants.map((want) => this.#decide(spender, want));
  }

  /**
   * A spender is gone. What it spent stays spent; what it held is given back after a while, since
   * part of it may be spent without a word: until then the ledger has told.
   */
  leave(spender: string): void {
    this.#spenders.delete(spender);
    this.#gone.push({ spender, giveBackAtMs: this.#now() + GIVE_BACK_AFTER_MS });
  }

  #giveBack(): void {
    for (;;) {
      const [first] = this.#gone;
      if (first === undefined || first.giveBackAtMs > this.#now()) return;
      this.#gone.shift();
      this.#forget(first.spender);
    }
  }

  #forget(spender: string): void {
    for (const counter of this.#counters.values()) {
      const position = counter.positions.get(spender);
      if (position === undefined) continue;
      counter.held -= position.held;
      counter.positions.delete(spender);
    }
  }

  /**
   * Takes over what the ledger knows and these counters do not, for example because they were lost.
   * What is held counts as known: part of it may be spent and on record already.
   */
  seed(known: Iterable<{ key: string; spent: number; expiresAtMs: number }>): void {
    for (const { key, spent, expiresAtMs } of known) {
      const counter = this.#counter(key, expiresAtMs);
      const missing = spent - (counter.spent + counter.held);
      if (missing <= 0) continue;
      counter.spent += missing;
    }
  }

  standing(key: string): Standing {
    const restored = this.#restored.get(digestOf(key))?.spent ?? 0;
    const { spent = restored, held = 0 } = this.#counters.get(key) ?? {};
    return { spent, total: spent + held };
  }

  /** What is spent of each counter that is not over; nothing of what is held. */
  spent(): DigestedSpend[] {
    const now = this.#now();
    const known = [...this.#counters]
      .filter(([, { spent, expiresAtMs }]) => spent > 0 && expiresAtMs > now)
      .map(([key, { spent, expiresAtMs }]) => ({ digest: digestOf(key), spent, expiresAtMs }));
    return [...known, ...[...this.#restored.values()].filter((each) => each.expiresAtMs > now)];
  }

  /** Takes up what an earlier life has spent, each counter when it is first used. */
  restore(spent: readonly DigestedSpend[]): void {
    for (const each of spent) {
      if (each.expiresAtMs > this.#now()) this.#restored.set(each.digest, each);
    }
  }

  /** Forgets what is over. */
  sweep(): void {
    this.#giveBack();
    const now = this.#now();
    for (const [key, { expiresAtMs, held }] of this.#counters) {
      if (expiresAtMs <= now && held === 0) this.#counters.delete(key);
    }
  }

  #place(spender: string, { key, spent, held, expiresAtMs }: Position): void {
    const counter = this.#counter(key, expiresAtMs);
    const before = counter.positions.get(spender) ?? { spent: 0, held: 0 };
    counter.spent += spent - before.spent;
    counter.held += held - before.held;
    counter.positions.set(spender, { spent, held });
  }

  #decide(spender: string, want: Want): Answer {
    const counters = want.map(({ key, expiresAtMs }) => this.#counter(key, expiresAtMs));
    for (const [index, charge] of want.entries()) {
      const { spent, held } = counters[index] ?? { spent: 0, held: 0 };
      if (hasRoom(charge, spent + held)) continue;
      return { granted: false, charge: index, standing: { spent, total: spent + held } };
    }
    const grants: number[] = [];
    const standings: Standing[] = [];
    const warn: boolean[] = [];
    for (const [index, charge] of want.entries()) {
      const counter = counters[index];
      if (counter === undefined) continue;
      warn.push(this.#warns(counter, charge));
      const total = counter.spent + counter.held;
      const grant = charge.amount + slackFor(charge, total, this.#spenders.size);
      const position = counter.positions.get(spender) ?? { spent: 0, held: 0 };
      counter.positions.set(spender, { spent: position.spent, held: position.held + grant });
      counter.held += grant;
      grants.push(grant);
      standings.push({ spent: counter.spent, total: total + grant });
    }
    return { granted: true, grants, standings, warn };
  }

  #warns(counter: Counter, { soft, limit }: Charge): boolean {
    if (!soft || counter.hasWarned || counter.spent + counter.held < limit) return false;
    counter.hasWarned = true;
    return true;
  }

  #counter(key: string, expiresAtMs: number): Counter {
    const known = this.#counters.get(key);
    if (known !== undefined) {
      known.expiresAtMs = Math.max(known.expiresAtMs, expiresAtMs);
      return known;
    }
    if (this.#counters.size >= MAX_COUNTERS) this.#makeRoom();
    const counter: Counter = {
      positions: new Map(),
      spent: this.#takeRestored(key),
      held: 0,
      expiresAtMs,
      hasWarned: false,
    };
    this.#counters.set(key, counter);
    return counter;
  }

  #takeRestored(key: string): number {
    if (this.#restored.size === 0) return 0;
    const digest = digestOf(key);
    const spent = this.#restored.get(digest)?.spent ?? 0;
    this.#restored.delete(digest);
    return spent;
  }

  /** First what is over; then what began first and has nothing under way. */
  #makeRoom(): void {
    this.sweep();
    for (const [key, { held }] of this.#counters) {
      if (this.#counters.size < MAX_COUNTERS) return;
      if (held === 0) this.#counters.delete(key);
    }
  }
}

function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
