import type { Answer, Charge, Message, Want } from "./protocol.ts";

const MAX_KNOWN = 200_000;

/**
 * Decides alone while the shared counters are out of reach: of what was left when they were last
 * heard of, this replica may spend its share, and of that half, since the others have spent some
 * of it unheard. A call must fit whole: otherwise each replica would have a last call of its own.
 */
export class Emergency {
  readonly #replicas: number;
  readonly #known = new Map<string, number>();
  /** How much this replica may have spent and hold by the end of the outage. */
  readonly #caps = new Map<string, number>();

  constructor(replicas: number) {
    this.#replicas = replicas;
  }

  /** Spent and held by all, as just heard. */
  heard(key: string, total: number): void {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(key, total);
  }

  /** The shared counters are back. */
  end(): void {
    this.#caps.clear();
  }

  exchange({ positions, wants }: Message): Answer[] {
    const own = new Map(
      positions.map(({ key, spent, held }) => [key, { spent, total: spent + held }]),
    );
    const standingOf = (key: string) => own.get(key) ?? { spent: 0, total: 0 };
    return wants.map((want) =>
      this.#decide(want, standingOf, (key, standing) => own.set(key, standing)),
    );
  }

  #decide(
    want: Want,
    standingOf: (key: string) => { spent: number; total: number },
    keep: (key: string, standing: { spent: number; total: number }) => void,
  ): Answer {
    for (const [index, charge] of want.entries()) {
      const { spent, total } = standingOf(charge.key);
      const cap = this.#capOf(charge, total);
      if (charge.soft || total + charge.amount <= cap) continue;
      // Said against the whole limit, so that a caller is not told that it is spent when it is not.
      const known = Math.max(this.#known.get(charge.key) ?? 0, total);
      return { granted: false, charge: index, standing: { spent, total: known } };
    }
    const standings = want.map(({ key, amount }) => {
      const { spent, total } = standingOf(key);
      const standing = { spent, total: total + amount };
      keep(key, standing);
      return { spent, total: Math.max(standing.total, this.#known.get(key) ?? 0) };
    });
    return {
      granted: true,
      grants: want.map(({ amount }) => amount),
      standings,
      warn: want.map(() => false),
    };
  }

  #capOf({ key, limit }: Charge, ownTotal: number): number {
    const known = this.#caps.get(key);
    if (known !== undefined) return known;
    const last = this.#known.get(key);
    const parts = this.#replicas === 1 ? 1 : 2 * this.#replicas;
    const cap =
      last === undefined
        ? Math.floor(limit / this.#replicas)
        : ownTotal + Math.floor(Math.max(0, limit - Math.max(last, ownTotal)) / parts);
    this.#caps.set(key, cap);
    return cap;
  }
}
