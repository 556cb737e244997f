import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { createBrotliCompress, createGzip, createZstdCompress } from "node:zlib";
import { randomBytes } from "node:crypto";
import type { Summary } from "./engine.ts";
import { statusOf, type ServerException } from "./exception.ts";

export interface AnswerHead {
  readonly queryId: string;
  readonly format: string;
  /** Value of Accept-Encoding when the client asked for compression, else empty. */
  readonly acceptEncoding: string;
}

const CONTENT_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^JSON(Compact|Strings)?EachRow|^NDJSON|EachRow/, "application/x-ndjson; charset=UTF-8"],
  [/^JSON/, "application/json; charset=UTF-8"],
  [/^CSV/, "text/csv; charset=UTF-8; header=absent"],
  [/^(TSV|TabSeparated)/, "text/tab-separated-values; charset=UTF-8"],
  [/^(RowBinary|Native|Parquet|Arrow)/, "application/octet-stream"],
];
const NOTHING: Summary = { readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 };

/** Writes the answer to one query, in the shape of a server's. */
export class Answer {
  readonly #response: ServerResponse;
  readonly #head: AnswerHead;
  readonly #begunAtMs = performance.now();
  /** Sixteen small letters, as servers since 25.11 send. */
  readonly #tag = [...randomBytes(16)]
    .map((byte) => String.fromCharCode(97 + (byte % 26)))
    .join("");
  #body: Writable | undefined;

  constructor(response: ServerResponse, head: AnswerHead) {
    this.#response = response;
    this.#head = head;
  }

  get started(): boolean {
    return this.#body !== undefined;
  }

  /** Status and headers, and what is to come is compressed if the client wants that. */
  start(status = 200, summary: Summary = NOTHING): void {
    const encoding = /\b(zstd|br|gzip)\b/.exec(this.#head.acceptEncoding)?.[1];
    const type = CONTENT_TYPES.find(([formats]) => formats.test(this.#head.format))?.[1];
    this.#response.statusCode = status;
    this.#setHeaders({
      "Content-Type": type ?? "text/plain; charset=UTF-8",
      "X-ClickHouse-Server-Display-Name": "weir-test",
      "X-ClickHouse-Query-Id": this.#head.queryId,
      "X-ClickHouse-Format": this.#head.format,
      "X-ClickHouse-Timezone": "UTC",
      "X-ClickHouse-Exception-Tag": this.#tag,
      "X-ClickHouse-Summary": JSON.stringify(this.#summary(summary)),
      ...(encoding === undefined ? {} : { "Content-Encoding": encoding }),
    });
    this.#body = compressed(this.#response, encoding);
    this.#response.flushHeaders();
  }

  async write(bytes: Uint8Array): Promise<void> {
    const body = this.#body;
    if (body === undefined || body.destroyed || this.#response.destroyed) return;
    if (!body.write(bytes))
      await Promise.race([once(body, "drain"), once(this.#response, "close")]);
  }

  end(): void {
    this.#body?.end();
  }

  /** Before the first byte: a status and a header; after it: a trailer, and no end of the body. */
  async fail(exception: ServerException): Promise<void> {
    if (!this.started) {
      this.#response.setHeader("X-ClickHouse-Exception-Code", String(exception.code));
      this.start(statusOf(exception));
      await this.write(Buffer.from(exception.body));
      this.end();
      return;
    }
    // The length counts the newline behind the message.
    const text = exception.body;
    const length = Buffer.byteLength(text);
    const opening = `\r\n__exception__\r\n${this.#tag}\r\n`;
    await this.write(Buffer.from(`${opening}${text}${length} ${this.#tag}\r\n__exception__\r\n`));
    await this.cut();
  }

  /** What was written goes out; then the connection is cut, so that the body never ends. */
  async cut(): Promise<void> {
    const body = this.#body;
    if (body !== undefined && body !== this.#response && "flush" in body) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const { flush } = body as { flush: (done: () => void) => void };
      await new Promise<void>((resolve) => flush.call(body, resolve));
    }
    if (this.#response.destroyed) return;
    await new Promise<void>((resolve) => this.#response.write("", () => resolve()));
    const { socket } = this.#response;
    if (socket !== null && !socket.destroyed)
      await new Promise<void>((resolve) => socket.write("", () => resolve()));
    this.#response.destroy();
  }

  #setHeaders(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) this.#response.setHeader(name, value);
  }

  #summary(summary: Summary): Readonly<Record<string, string>> {
    return {
      read_rows: String(summary.readRows),
      read_bytes: String(summary.readBytes),
      written_rows: String(summary.writtenRows),
      written_bytes: String(summary.writtenBytes),
      total_rows_to_read: "0",
      result_rows: String(summary.readRows),
      result_bytes: String(summary.readBytes),
      elapsed_ns: String(Math.round((performance.now() - this.#begunAtMs) * 1e6)),
    };
  }
}

function compressed(response: ServerResponse, encoding: string | undefined): Writable {
  const create = { gzip: createGzip, br: createBrotliCompress, zstd: createZstdCompress };
  if (encoding !== "gzip" && encoding !== "br" && encoding !== "zstd") return response;
  const compressor = create[encoding]();
  response.on("close", () => compressor.destroy());
  compressor.on("error", () => response.destroy());
  compressor.pipe(response);
  return compressor;
}
