import { join } from "node:path";
import type { Config } from "../../config/schema.ts";
import { openSigningKey } from "../../audit/heads/signing-key.ts";
import { type HeadPublisher, publishHeads } from "../../audit/heads/publish-heads.ts";
import { appendShipped } from "../../audit/log/append-shipped.ts";
import { type AuditLog, openAuditLog } from "../../audit/log/audit-log.ts";
import type { AuditReader } from "../../audit/log/audit-reader.ts";
import type { AuditLeaf } from "../../ledger/ship/audit-leaves.ts";
import type { AuditStatus } from "../../contracts/api/audit.ts";

export interface AuditKeeperOptions {
  readonly config: Pick<Config, "audit">;
  readonly dataDir: string;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
  readonly log: { error: (fields: object, message: string) => void };
}

interface OpenAudit {
  readonly log: AuditLog;
  readonly heads: HeadPublisher;
}

/** For a control that was killed a moment ago. */
const lockWaitMs = 5_000;

/** The audit log of a data directory with its signed heads. What cannot be opened is tried again. */
export class AuditKeeper {
  readonly #options: AuditKeeperOptions;
  #open: OpenAudit | null = null;
  #opening: Promise<OpenAudit> | null = null;
  #appendFailures = 0;
  #lastError = "";
  #headError = { reason: "", atMs: 0 };

  constructor(options: AuditKeeperOptions) {
    this.#options = options;
  }

  /** Opens it unless it is open. @throws LockedError, AuditDamagedError, AuditKeyError */
  open(): Promise<OpenAudit> {
    if (this.#open !== null) return Promise.resolve(this.#open);
    this.#opening ??= this.#openNow().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Makes leaves of rows before they are shipped. @throws when they are not durable. */
  async append(leaves: readonly AuditLeaf[]): Promise<void> {
    if (leaves.length === 0) return;
    try {
      const { log } = await this.open();
      await appendShipped(log, leaves);
      this.#lastError = "";
    } catch (error) {
      this.#appendFailures += 1;
      this.#fail(error);
      throw error;
    }
  }

  /** Signs all that is in the log now; tried again with the next interval. */
  async publishHead(): Promise<void> {
    await this.#open?.heads.publish();
  }

  async reader(): Promise<AuditReader> {
    return (await this.open()).log.reader;
  }

  status(): AuditStatus {
    const heads = this.#open?.heads.status();
    const head = heads?.head ?? null;
    const leaves = heads?.size ?? 0;
    const isSigned = head !== null && head.timeMs >= this.#headError.atMs;
    return {
      state: this.#open === null ? "unavailable" : "open",
      leaves,
      head: head === null ? null : { size: head.size, timeMs: head.timeMs },
      unsignedLeaves: Math.max(0, leaves - (head?.size ?? 0)),
      appendFailures: this.#appendFailures,
      headFailures: heads?.failures ?? 0,
      tornBytes: this.#open?.log.tornBytes ?? 0,
      lastError: this.#lastError || (isSigned ? "" : this.#headError.reason),
      secondPlaces: [...(heads?.places ?? [])],
    };
  }

  /** Signs a last head. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    const open = this.#open;
    this.#open = null;
    await open?.heads.close();
    await open?.log.close();
  }

  async #openNow(): Promise<OpenAudit> {
    const { config, dataDir, now, randomBytes } = this.#options;
    const { signingKeyFile, headIntervalMs, publishTo } = config.audit;
    const directory = join(dataDir, "audit");
    try {
      const log = await openAuditLog({ directory, now, lockWaitMs });
      try {
        const signer = await openSigningKey({ directory, signingKeyFile, randomBytes });
        const onError = (error: unknown) => this.#headFailed(error);
        const settings = { intervalMs: headIntervalMs, publishTo, fetch, onError };
        const heads = await publishHeads({ log, signer, now, ...settings });
        this.#lastError = "";
        this.#open = { log, heads };
        return this.#open;
      } catch (error) {
        await log.close();
        throw error;
      }
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #fail(error: unknown): void {
    const reason = messageOf(error);
    if (reason !== this.#lastError)
      this.#options.log.error({ reason }, "the audit log takes nothing: nothing is shipped");
    this.#lastError = reason;
  }

  #headFailed(error: unknown): void {
    const reason = messageOf(error);
    this.#headError = { reason, atMs: this.#options.now() };
    this.#options.log.error({ reason }, "the audit log could not be signed");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
