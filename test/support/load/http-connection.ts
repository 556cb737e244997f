import { connect, type Socket } from "node:net";

/** Marks of one reply, in the order in which they come. */
export interface ReplyListener {
  readonly onFirstToken: () => void;
  readonly onEnd: () => void;
  readonly onError: (error: Error) => void;
}

const headEnd = Buffer.from("\r\n\r\n");
const lastChunk = Buffer.from("0\r\n\r\n");
const token = Buffer.from('"delta":{"content":"');

/**
 * One keep-alive connection that carries one request at a time. It looks at as little of a reply as
 * it can, since it shares two cores with what it measures: status, length or last chunk, first token.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #listener: ReplyListener | null = null;
  #left = 0;
  #state: "head" | "length" | "chunked" = "head";
  #tail: Buffer = Buffer.alloc(0);
  #sawToken = false;

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (bytes) => this.#read(bytes));
    this.#socket.on("error", (error) => this.#fail(error));
    this.#socket.on("close", () => this.#fail(new Error("the connection was closed")));
  }

  send(request: string, listener: ReplyListener): void {
    this.#listener = listener;
    this.#state = "head";
    this.#tail = Buffer.alloc(0);
    this.#sawToken = false;
    this.#socket.write(request, "latin1");
  }

  destroy(): void {
    this.#listener = null;
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    // What is looked for may lie across the border of two packets, so a little is carried over.
    const seen = this.#tail.length === 0 ? bytes : Buffer.concat([this.#tail, bytes]);
    const body = this.#state === "head" ? this.#readHead(seen) : seen;
    if (body === null) return;
    if (!this.#sawToken && body.includes(token)) {
      this.#sawToken = true;
      this.#listener?.onFirstToken();
    }
    if (this.#state === "length") {
      this.#left -= body.length;
      if (this.#left <= 0) this.#end();
    } else if (body.subarray(-lastChunk.length).equals(lastChunk)) this.#end();
    else this.#tail = Buffer.from(body.subarray(-token.length));
  }

  #readHead(seen: Buffer): Buffer | null {
    const end = seen.indexOf(headEnd);
    if (end < 0) {
      this.#tail = seen;
      return null;
    }
    const head = seen.toString("latin1", 0, end);
    if (!head.startsWith("HTTP/1.1 200")) {
      this.#fail(new Error(`not a 200: ${seen.toString("utf8", 0, 600)}`));
      return null;
    }
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    this.#state = length === undefined ? "chunked" : "length";
    this.#left = Number(length ?? 0);
    this.#tail = Buffer.alloc(0);
    return seen.subarray(end + headEnd.length);
  }

  #end(): void {
    const listener = this.#listener;
    this.#listener = null;
    this.#tail = Buffer.alloc(0);
    listener?.onEnd();
  }

  #fail(error: Error): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.onError(error);
  }
}
