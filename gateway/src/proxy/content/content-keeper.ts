import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { Encrypter } from "age-encryption";
import { isContentKept } from "../../config/content-rule.ts";
import type { Config } from "../../config/schema.ts";
import type { CallContent, ContentEvent } from "../../contracts/content-event.ts";
import type { Principal } from "../../contracts/principal.ts";
import { personOf } from "../../ledger/rows/principal-columns.ts";
import type { Exchange } from "../exchange.ts";
import { CapturedBody } from "./captured-body.ts";

const compress = promisify(zstdCompress);

/** The two bodies of a call under way. */
export interface CapturedContent {
  readonly request: CapturedBody;
  readonly response: CapturedBody;
}

/**
 * Seals what is said in calls for the holders of a key that no part of Weir has: a proxy, its spool
 * and the ledger keep what they cannot read. Format: age v1 (C2SP age.md), X25519 recipients.
 */
export class ContentKeeper {
  readonly #encrypter = new Encrypter();
  readonly #settings: Config["ledger"]["content"];

  /** @throws Error for a recipient that is none; the configuration's check has found it before. */
  constructor(settings: Config["ledger"]["content"]) {
    this.#settings = settings;
    for (const recipient of settings.recipients) this.#encrypter.addRecipient(recipient);
  }

  /** Null when calls of this principal are not kept. */
  begin({ teamId }: Principal): CapturedContent | null {
    const { maxBytes } = this.#settings;
    if (!isContentKept(this.#settings, teamId)) return null;
    return { request: new CapturedBody(maxBytes), response: new CapturedBody(maxBytes) };
  }

  /** @param exchange one whose principal is known. */
  async seal(exchange: Exchange, { request, response }: CapturedContent): Promise<ContentEvent> {
    const content: CallContent = { request: request.read(), response: response.read() };
    const packed = await compress(Buffer.from(JSON.stringify(content), "utf8"));
    const sealed = await this.#encrypter.encrypt(packed);
    const { principal } = exchange;
    return {
      id: exchange.id,
      atMs: exchange.startedAtMs,
      personId: personOf(principal ?? null),
      teamId: principal?.teamId ?? "",
      dialect: exchange.operation.dialect.name,
      requestBytes: request.bytes,
      responseBytes: response.bytes,
      truncated: request.truncated || response.truncated,
      sealed: Buffer.from(sealed).toString("base64"),
    };
  }
}
