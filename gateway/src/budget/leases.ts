/**
 * The spender's side: calls are decided in this process out of what it holds, and the authority is
 * asked only when that is not enough. One message is under way at a time; what comes meanwhile goes
 * with the next.
 */
import type { Answer, Authority, Charge, Position, Standing, Want } from "./protocol.ts";

interface Lease {
  spent: number;
  /** Allowed and not used up: what is reserved, and what the next calls may take. */
  held: number;
  reserved: number;
  expiresAtMs: number;
  /** What the authority last knew of all spenders, less our own part. */
  others: number;
  /** The authority gives nothing ahead any more: whatever is free goes back at once. */
  isTight: boolean;
  isDirty: boolean;
  usedSinceTick: boolean;
}

export type Outcome =
  | { readonly granted: true; readonly warn: readonly Charge[] }
  | { readonly granted: false; readonly charge: Charge; readonly standing: Standing };

interface Waiting {
  readonly want: Want;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_WAITING = 4_096;
const nothingToWarn: readonly Charge[] = [];

/** More calls wait for the counters than may. */
export class LeasesBusyError extends Error {
  readonly code = "WEIR_BUDGET_BUSY";
}

export class Leases {
  readonly #authority: Authority;
  readonly #leases = new Map<string, Lease>();
  readonly #waiting: Waiting[] = [];
  #isAsking = false;
  #running: Promise<void> = Promise.resolve();
  #hasNews = false;

  constructor(authority: Authority) {
    this.#authority = authority;
  }

  /** Reserves at once if what is held allows it; otherwise nothing has changed. */
  tryReserve(want: Want): boolean {
    for (const { key, amount } of want) {
      const lease = this.#leases.get(key);
      if (lease === undefined || lease.held - lease.reserved < amount) return false;
    }
    this.#take(want);
    return true;
  }

  /** Reserves all charges or none. @throws what the authority throws; LeasesBusyError */
  reserve(want: Want): Promise<Outcome> {
    if (this.tryReserve(want)) return Promise.resolve({ granted: true, warn: nothingToWarn });
    if (this.#waiting.length >= MAX_WAITING) return Promise.reject(new LeasesBusyError());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ want, resolve, reject });
      this.#ask();
    });
  }

  /** A reservation ends: `actual` of it has been used up, the rest is free again. */
  settle(key: string, reserved: number, actual: number): void {
    const lease = this.#leases.get(key);
    if (lease === undefined) return;
    lease.reserved -= reserved;
    lease.spent += actual;
    // More than was reserved: it is spent all the same, and the authority learns of it.
    lease.held = Math.max(lease.reserved, lease.held - actual);
    lease.isDirty = true;
    if (!lease.isTight) return;
    lease.held = lease.reserved;
    this.#tellSoon();
  }

  /** What somebody for whom this spender spends has used up and holds more than before, or less. */
  shift(key: string, change: { spent: number; held: number }, expiresAtMs = 0): void {
    const lease = this.#lease({ key, expiresAtMs });
    lease.reserved += change.held;
    lease.spent += change.spent;
    lease.held = Math.max(lease.reserved, lease.held - Math.max(0, change.spent));
    lease.isDirty = true;
    if (!lease.isTight) return;
    lease.held = lease.reserved;
    this.#tellSoon();
  }

  /** Held, and reserved by nobody. */
  free(key: string): number {
    const lease = this.#leases.get(key);
    return lease === undefined ? 0 : lease.held - lease.reserved;
  }

  has(key: string): boolean {
    return this.#leases.has(key);
  }

  /** What is held is told again with the next message. */
  tellHeld(): void {
    for (const lease of this.#leases.values()) if (lease.held > 0) lease.isDirty = true;
  }

  /** Spent and held by all, as far as it is known here. */
  knownTotal(key: string): number | null {
    const lease = this.#leases.get(key);
    return lease === undefined ? null : lease.others + lease.spent + lease.reserved;
  }

  /** Gives back what no call has asked for lately, tells what has changed, forgets what is over. */
  tick(nowMs: number): void {
    for (const [key, lease] of this.#leases) {
      if (!lease.usedSinceTick && lease.held > lease.reserved) {
        lease.held = lease.reserved;
        lease.isDirty = true;
      }
      lease.usedSinceTick = false;
      if (lease.isDirty) this.#hasNews = true;
      else if (lease.expiresAtMs <= nowMs && lease.held === 0) this.#leases.delete(key);
    }
    this.#ask();
  }

  /** Tells what has changed, and waits until the authority knows it or cannot be told. */
  async flush(): Promise<void> {
    await this.#running;
    this.#hasNews = true;
    this.#ask();
    await this.#running;
  }

  /** The authority has lost what it knew: it is told everything again. */
  tellAll(): void {
    for (const lease of this.#leases.values()) lease.isDirty = true;
    this.#hasNews = true;
  }

  /** Once in this turn, however many calls end in it. */
  #tellSoon(): void {
    if (this.#hasNews) return;
    this.#hasNews = true;
    setImmediate(() => this.#ask());
  }

  #ask(): void {
    if (this.#isAsking || (this.#waiting.length === 0 && !this.#hasNews)) return;
    this.#isAsking = true;
    this.#hasNews = false;
    this.#running = this.#exchange(this.#waiting.splice(0));
  }

  async #exchange(asked: readonly Waiting[]): Promise<void> {
    // What was given back meanwhile may do for some.
    const open = asked.filter(({ want, resolve }) => {
      const isDone = this.tryReserve(want);
      if (isDone) resolve({ granted: true, warn: nothingToWarn });
      return !isDone;
    });
    const positions = this.#news(open);
    try {
      const wants = open.map(({ want }) => want);
      const answers =
        positions.length + wants.length === 0
          ? []
          : await this.#authority.exchange({ positions, wants });
      for (const [index, { want, resolve, reject }] of open.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new Error("the counters gave no answer"));
        else resolve(this.#outcome(want, answer));
      }
    } catch (error) {
      // What was granted after all, unheard, is given back by the next message.
      for (const charge of open.flatMap(({ want }) => want)) this.#lease(charge);
      for (const { key } of [...positions, ...open.flatMap(({ want }) => want)]) {
        const lease = this.#leases.get(key);
        if (lease !== undefined) lease.isDirty = true;
      }
      for (const { reject } of open) reject(error);
    } finally {
      this.#isAsking = false;
      if (this.#waiting.length > 0 || this.#hasNews) this.#ask();
    }
  }

  #news(open: readonly Waiting[]): Position[] {
    const keys = new Set(open.flatMap(({ want }) => want.map(({ key }) => key)));
    for (const [key, { isDirty }] of this.#leases) if (isDirty) keys.add(key);
    const positions: Position[] = [];
    for (const key of keys) {
      const lease = this.#leases.get(key);
      if (lease === undefined) continue;
      lease.isDirty = false;
      positions.push(positionOf(key, lease));
    }
    return positions;
  }

  #outcome(want: Want, answer: Answer): Outcome {
    if (!answer.granted) {
      const charge = want[answer.charge];
      if (charge === undefined) throw new Error("the counters refuse what was not asked");
      return { granted: false, charge, standing: answer.standing };
    }
    for (const [index, charge] of want.entries()) {
      const grant = answer.grants[index] ?? 0;
      const lease = this.#lease(charge);
      lease.held += grant;
      lease.isTight = grant === charge.amount;
      const total = answer.standings[index]?.total ?? 0;
      lease.others = Math.max(0, total - lease.spent - lease.held);
    }
    this.#take(want);
    return { granted: true, warn: want.filter((_, index) => answer.warn[index] === true) };
  }

  #take(want: Want): void {
    for (const { key, amount } of want) {
      const lease = this.#leases.get(key);
      if (lease === undefined) continue;
      lease.reserved += amount;
      lease.usedSinceTick = true;
    }
  }

  #lease({ key, expiresAtMs }: Pick<Charge, "key" | "expiresAtMs">): Lease {
    let lease = this.#leases.get(key);
    if (lease !== undefined) lease.expiresAtMs = Math.max(lease.expiresAtMs, expiresAtMs);
    if (lease === undefined) {
      lease = {
        spent: 0,
        held: 0,
        reserved: 0,
        expiresAtMs,
        others: 0,
        isTight: false,
        isDirty: false,
        usedSinceTick: true,
      };
      this.#leases.set(key, lease);
    }
    return lease;
  }
}

function positionOf(key: string, { spent, held, expiresAtMs }: Lease): Position {
  return { key, spent, held, expiresAtMs };
}
