/**
 * How whoever spends (a worker, a replica) talks to whoever keeps the counters (the keeper of a
 * machine, Valkey). A spender says of each counter in absolute figures what it has spent and what
 * it holds: a message that is lost, repeated or late is mended by the next. Only a grant adds.
 */

/** What one spender says of one counter. */
export interface Position {
  readonly key: string;
  /** Used up for good. */
  readonly spent: number;
  /** Allowed to it and not used up, the part that calls under way have reserved included. */
  readonly held: number;
  /** When the counter's window is over, Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** What one call wants of one counter. */
export interface Charge {
  readonly key: string;
  readonly amount: number;
  readonly limit: number;
  readonly expiresAtMs: number;
  /** Otherwise it may begin while anything at all is left. */
  readonly mustFit: boolean;
  /** Never refused. */
  readonly soft: boolean;
}

/** All charges of a call: granted together or not at all. */
export type Want = readonly Charge[];

export interface Message {
  readonly positions: readonly Position[];
  readonly wants: readonly Want[];
}

/** What there is to know of a counter after a want has been decided. */
export interface Standing {
  /** Spent by all. */
  readonly spent: number;
  /** Spent and held by all, the new grant included. */
  readonly total: number;
}

export type Answer =
  | {
      readonly granted: true;
      /** By charge: what is now held besides, at least its amount. */
      readonly grants: readonly number[];
      readonly standings: readonly Standing[];
      /** By charge: this is the first call beyond a soft limit. */
      readonly warn: readonly boolean[];
    }
  | {
      readonly granted: false;
      /** Index of the charge there was no room for. */
      readonly charge: number;
      readonly standing: Standing;
    };

/** Keeps counters. */
export interface Authority {
  /**
   * Takes the positions, then decides each want in turn.
   * @returns an answer for each want.
   * @throws whatever keeps it from answering; then nothing may be taken as granted.
   */
  exchange(message: Message): Promise<readonly Answer[]>;
}
