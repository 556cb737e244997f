import { createHash } from "node:crypto";
import { Valkey } from "iovalkey";
import type { Answer, Authority, Message } from "../protocol.ts";
import { exchangeScript, seedScript } from "./script.ts";
import { decodeReply, encodeMessage, hashKey, metaKey } from "./wire.ts";

/** A spender that was not heard of for so long holds nothing any more. */
const LEASE_MS = 15_000;

/** Longer than any spender takes to notice that the server has started anew. */
const WARM_UP_MS = 2_000;

const COMMAND_TIMEOUT_MS = 40;
const CONNECT_TIMEOUT_MS = 1_000;
const MAX_RECONNECT_MS = 500;
const SEEDS_AT_ONCE = 500;

/** Valkey cannot be reached, is too slow, or has just started and knows nothing yet. */
export class ValkeyUnavailableError extends Error {
  readonly code = "WEIR_VALKEY_UNAVAILABLE";
}

export interface ValkeyOptions {
  readonly url: string;
  readonly password: string | undefined;
  /** This spender, for as long as its process lives. */
  readonly spender: string;
  /** Spent and held by all of a counter, whenever it is heard. */
  readonly onTotal: (key: string, total: number) => void;
  /** The server has lost what it knew, or is another one. */
  readonly onLoss: () => void;
  readonly onError: (error: Error) => void;
}

interface Script {
  readonly text: string;
  readonly sha: string;
}

/** Counters that several machines share. */
export class ValkeyAuthority implements Authority {
  readonly #options: ValkeyOptions;
  readonly #client: Valkey;
  readonly #exchangeScript = scriptOf(exchangeScript);
  readonly #seedScript = scriptOf(seedScript);
  /** Empty until the server has said which it is. */
  #run = "";
  #since = "";

  constructor(options: ValkeyOptions) {
    this.#options = options;
    this.#client = new Valkey(options.url, {
      ...(options.password !== undefined && { password: options.password }),
      // What cannot be sent now is of no use later: positions are told anew each time.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: (times) => Math.min(25 * 2 ** Math.min(times, 8), MAX_RECONNECT_MS),
      connectionName: "weir-budgets",
    });
    this.#client.on("error", (error: Error) => options.onError(error));
    this.#client.on("close", () => (this.#run = ""));
    this.#client.on("ready", () => void this.#identify());
  }

  /** @throws ValkeyUnavailableError, or what the client throws. */
  async exchange(message: Message): Promise<readonly Answer[]> {
    if (this.#run === "") {
      await this.#identify();
      if (this.#run === "") throw new ValkeyUnavailableError("Valkey cannot be reached");
    }
    const { counters, json } = encodeMessage(message);
    const keys = [metaKey, ...counters.map(hashKey)];
    const times = [LEASE_MS, WARM_UP_MS].map(String);
    const args = [this.#options.spender, ...times, this.#run, json];
    const raw = await this.#evaluate(this.#exchangeScript, keys, args);
    const { isWarming, since, answers, totals } = decodeReply(raw, counters);
    for (const [key, total] of totals) this.#options.onTotal(key, total);
    if (since !== this.#since) {
      this.#since = since;
      this.#options.onLoss();
    }
    if (isWarming) throw new ValkeyUnavailableError("Valkey has just started and is told anew");
    return answers;
  }

  /** Takes over what the ledger knows of counters and Valkey does not. */
  async seed(known: readonly { key: string; spent: number; expiresAtMs: number }[]): Promise<void> {
    for (let from = 0; from < known.length; from += SEEDS_AT_ONCE) {
      const part = known.slice(from, from + SEEDS_AT_ONCE);
      const keys = part.map(({ key }) => hashKey(key));
      const args = part.flatMap(({ spent, expiresAtMs }) => [String(spent), String(expiresAtMs)]);
      await this.#evaluate(this.#seedScript, keys, [String(LEASE_MS), ...args]);
    }
  }

  close(): void {
    this.#client.disconnect();
  }

  /** By its run id a server that was started anew is told from one that was only out of reach. */
  async #identify(): Promise<void> {
    try {
      const info = await this.#client.info("server");
      this.#run = /^run_id:(\w+)/m.exec(info)?.[1] ?? "";
    } catch {
      this.#run = "";
    }
  }

  async #evaluate({ text, sha }: Script, keys: string[], args: string[]): Promise<unknown> {
    try {
      return await this.#client.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return this.#client.eval(text, keys.length, ...keys, ...args);
    }
  }
}

function scriptOf(text: string): Script {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
