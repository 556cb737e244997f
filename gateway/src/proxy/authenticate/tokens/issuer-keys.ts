import { type IssuerConfig, type IssuerKey, type KeySet, readKeySet } from "./key-set.ts";

/** Between two fetches for the sake of a `kid` that nobody knows. */
const UNKNOWN_KEY_PAUSE_MS = 10_000;
const RETRY_MIN_MS = 1_000;

/** A JWKS as it was fetched, and when. */
export interface FetchedKeys {
  readonly fetchedAtMs: number;
  readonly document: unknown;
}

export interface IssuerKeysOptions {
  readonly issuer: IssuerConfig;
  readonly fetchKeys: (issuer: IssuerConfig, stop: AbortSignal) => Promise<unknown>;
  /** The last good ones from the disk; null = none. */
  readonly load: () => Promise<FetchedKeys | null>;
  readonly keep: (fetched: FetchedKeys) => Promise<void>;
  readonly nowMs: () => number;
  readonly onFetched: (result: "ok" | "failed") => void;
  readonly warn: (error: unknown) => void;
}

/**
 * The public keys of one issuer: fetched in the background, kept while the issuer is down until
 * they expire, and fetched once more, at most every ten seconds, when a token names one that is
 * not among them. No call waits for it but one whose token could not be judged without.
 */
export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  readonly #stopping = new AbortController();
  #keys: KeySet = new Map();
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #attemptedAtMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /** Whether the keys are still good, or too old to be trusted. */
  get areGood(): boolean {
    const { issuer, nowMs } = this.#options;
    return nowMs() < this.#fetchedAtMs + issuer.keysExpireSeconds * 1000;
  }

  /** The key for a `kid`; without one the only key that there is. */
  find(kid: string): IssuerKey | undefined {
    if (!this.areGood) return undefined;
    if (kid !== "") return this.#keys.get(kid);
    return this.#keys.size === 1 ? this.#keys.values().next().value : undefined;
  }

  /** Begins with what is on the disk, and fetches at once and from then on. */
  async start(): Promise<void> {
    const first = this.#loadAndFetch();
    this.#running = first;
    await first.finally(() => {
      this.#running = null;
      this.#schedule();
    });
  }

  /** A fetch that may bring the key which was not found; null when none is due so soon. */
  refetch(): Promise<void> | null {
    if (this.#running !== null) return this.#running;
    if (this.#stopping.signal.aborted) return null;
    const dueAtMs = this.#attemptedAtMs + UNKNOWN_KEY_PAUSE_MS;
    return this.#options.nowMs() < dueAtMs ? null : this.refresh();
  }

  /** Fetches now, or waits for the fetch under way. Never rejects. */
  refresh(): Promise<void> {
    this.#running ??= this.#fetch().finally(() => {
      this.#running = null;
      this.#schedule();
    });
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  async #loadAndFetch(): Promise<void> {
    try {
      const kept = await this.#options.load();
      // A clock that was set back must not give old keys a new life.
      if (kept !== null && kept.fetchedAtMs <= this.#options.nowMs()) this.#use(kept);
    } catch {
      // None kept yet, or not readable: the issuer will give them.
    }
    await this.#fetch();
  }

  async #fetch(): Promise<void> {
    const { issuer, fetchKeys, keep, nowMs, onFetched, warn } = this.#options;
    this.#attemptedAtMs = nowMs();
    try {
      const document = await fetchKeys(issuer, this.#stopping.signal);
      const fetched = { fetchedAtMs: nowMs(), document };
      this.#use(fetched);
      this.#failures = 0;
      onFetched("ok");
      if (this.#keys.size === 0) {
        const pinned = issuer.algorithms.join(", ");
        warn(new Error(`no key of ${issuer.issuer} is for signatures by ${pinned}`));
      }
      await keep(fetched).catch(warn);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#failures += 1;
      onFetched("failed");
      warn(error);
    }
  }

  #use({ fetchedAtMs, document }: FetchedKeys): void {
    this.#keys = readKeySet(document, this.#options.issuer, this.#keys);
    this.#fetchedAtMs = fetchedAtMs;
  }

  #schedule(): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const regularMs = this.#options.issuer.refreshSeconds * 1000;
    const retryMs = RETRY_MIN_MS * 2 ** Math.min(this.#failures, 20);
    const afterMs = this.#failures === 0 ? regularMs : Math.min(regularMs, retryMs);
    this.#timer = setTimeout(() => void this.refresh(), afterMs).unref();
  }
}
