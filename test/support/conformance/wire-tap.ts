/** Sees, inside this process, what clients are answered and what a simulator is asked. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { IncomingMessage } from "node:http";
import { isOfTheHop } from "./headers-of-the-hop.ts";

/** Header names in lower case; several values of one name joined by commas. */
export type SeenHeaders = Readonly<Record<string, string>>;

/** A request as the simulator received it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  /** Less the credential, which the ledger tells, and what belongs to one hop. */
  readonly headers: SeenHeaders;
}

/** The head of an answer as it reached a client that uses Node's `fetch`. */
export interface AnsweredHead {
  readonly status: number;
  readonly headers: SeenHeaders;
}

const credentials = new Set(["authorization", "x-api-key", "x-goog-api-key"]);
// Multipart boundaries are random.
const boundary = /boundary=[^;]+/;

/** Records from its start to its end. Requests of other servers in this process are not seen. */
export class WireTap {
  readonly #port: number;
  readonly #origin: string;
  readonly received: ReceivedRequest[] = [];
  readonly answers: AnsweredHead[] = [];

  /** `origin` is where the client calls, `simulatorPort` where its requests are to end up. */
  constructor(origin: string, simulatorPort: number) {
    this.#origin = origin;
    this.#port = simulatorPort;
    subscribe("http.server.request.start", this.#onRequest);
    subscribe("undici:request:headers", this.#onAnswer);
  }

  stop(): void {
    unsubscribe("http.server.request.start", this.#onRequest);
    unsubscribe("undici:request:headers", this.#onAnswer);
  }

  readonly #onRequest = (published: unknown): void => {
    const request = memberOf(published, "request");
    if (!(request instanceof IncomingMessage) || request.socket.localPort !== this.#port) return;
    this.received.push({
      method: request.method ?? "",
      url: request.url ?? "",
      headers: kept(pairsOf(request.rawHeaders), credentials),
    });
  };

  readonly #onAnswer = (published: unknown): void => {
    if (memberOf(memberOf(published, "request"), "origin") !== this.#origin) return;
    const response = memberOf(published, "response");
    const raw = memberOf(response, "headers");
    const pairs = pairsOf(Array.isArray(raw) ? raw.map(String) : []);
    const status = Number(memberOf(response, "statusCode"));
    this.answers.push({ status, headers: kept(pairs, new Set()) });
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

type Pairs = readonly (readonly [name: string, value: string])[];

function pairsOf(raw: readonly string[]): Pairs {
  return raw.flatMap((name, at) =>
    at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? ""] as const] : [],
  );
}

function kept(pairs: Pairs, less: ReadonlySet<string>): SeenHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs) {
    if (isOfTheHop(name) || less.has(name)) continue;
    const said = value.replace(boundary, "boundary=…");
    headers[name] = headers[name] === undefined ? said : `${headers[name]}, ${said}`;
  }
  return headers;
}
