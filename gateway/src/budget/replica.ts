/** Between the workers of a machine and counters that several machines share. */
import { Leases } from "./leases.ts";
import type { Answer, Authority, Message, Position, Want } from "./protocol.ts";

/** A worker is given at most so many times what its call needs. */
const MAX_CALLS_AHEAD = 16;

interface Held {
  spent: number;
  held: number;
}

/**
 * Spends for its workers what the shared counters allow this machine, and gives each of them some
 * of it ahead, so that few calls wait for anything but this process.
 */
export class Replica {
  readonly #leases: Leases;
  readonly #spenders = new Map<string, Map<string, Held>>();

  constructor(shared: Authority) {
    this.#leases = new Leases(shared);
  }

  async exchange(spender: string, { positions, wants }: Message): Promise<Answer[]> {
    const own = this.#spenders.get(spender) ?? new Map<string, Held>();
    this.#spenders.set(spender, own);
    for (const position of positions) this.#place(own, position);
    return Promise.all(wants.map((want) => this.#decide(own, want)));
  }

  /** A worker is gone for good: what it held is free again, what it spent stays spent. */
  leave(spender: string): void {
    const own = this.#spenders.get(spender);
    this.#spenders.delete(spender);
    for (const [key, { held }] of own ?? []) this.#leases.shift(key, { spent: 0, held: -held });
  }

  tick(nowMs: number): void {
    for (const own of this.#spenders.values()) {
      for (const [key, { held }] of own) {
        if (held === 0 && !this.#leases.has(key)) own.delete(key);
      }
    }
    this.#leases.tick(nowMs);
  }

  /** Says again what is held, before the shared counters take it for given up. */
  renew(): void {
    this.#leases.tellHeld();
  }

  /** The shared counters have lost what they knew. */
  tellAll(): void {
    this.#leases.tellAll();
  }

  flush(): Promise<void> {
    return this.#leases.flush();
  }

  #place(own: Map<string, Held>, { key, spent, held, expiresAtMs }: Position): void {
    const before = own.get(key) ?? { spent: 0, held: 0 };
    own.set(key, { spent, held });
    const change = { spent: spent - before.spent, held: held - before.held };
    if (change.spent !== 0 || change.held !== 0) this.#leases.shift(key, change, expiresAtMs);
  }

  async #decide(own: Map<string, Held>, want: Want): Promise<Answer> {
    const outcome = await this.#leases.reserve(want);
    if (!outcome.granted) {
      const { charge, standing } = outcome;
      return { granted: false, charge: want.indexOf(charge), standing };
    }
    const grants = want.map((charge) => charge.amount + this.#ahead(charge));
    for (const [index, { key }] of want.entries()) {
      const { spent, held } = own.get(key) ?? { spent: 0, held: 0 };
      own.set(key, { spent, held: held + (grants[index] ?? 0) });
    }
    const standings = want.map(({ key }) => ({
      spent: 0,
      total: this.#leases.knownTotal(key) ?? 0,
    }));
    const warn = want.map((charge) => outcome.warn.includes(charge));
    return { granted: true, grants, standings, warn };
  }

  /** Some of what this machine holds and nobody uses. */
  #ahead(charge: Want[number]): number {
    const share = Math.floor(this.#leases.free(charge.key) / (2 * this.#spenders.size));
    const ahead = Math.min(share, charge.amount * MAX_CALLS_AHEAD);
    if (ahead < charge.amount) return 0;
    return this.#leases.tryReserve([{ ...charge, amount: ahead }]) ? ahead : 0;
  }
}
