import type { IncomingMessage, ServerResponse } from "node:http";
import type { Attempts } from "./attempts.ts";
import type { Behaviour } from "./behaviour.ts";
import type { JsonObject } from "./json-value.ts";
import type { Ledger } from "./ledger.ts";
import type { Reply } from "./reply.ts";
import type { Dialect } from "./request.ts";

/** What all calls of one simulator share. */
export interface Shared {
  readonly ledger: Ledger;
  readonly maxBodyBytes: number;
  /** For models that fail a few times before they answer. */
  readonly attempts: Attempts;
}

/** A call as it arrived, its path's named groups decoded. */
export interface Received extends Shared {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The whole body; empty on a route that reads its own. */
  readonly body: Buffer;
}

/** A WebSocket as it was asked for. */
export interface SocketCall extends Shared {
  readonly message: IncomingMessage;
}

/** A parsed body, with what else of the call a wire format may put its request into. */
export interface ReceivedBody {
  readonly json: JsonObject;
  /** Of the body's bytes, in hex. */
  readonly sha256: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** A request that a wire format has understood. */
export interface Asked {
  /** Twenty-four hex digits that depend on what is asked, not on how the reply is to be framed. */
  readonly digest: string;
  readonly model: string;
  readonly behaviour: Behaviour;
  readonly stream: boolean;
  /** Makes the reply; not called for a request that is to be refused. */
  readonly reply: () => Reply;
}

/** What every call of one wire format has in common. */
export interface Format {
  readonly dialect: Dialect;
  readonly requestIdHeader: string;
  /**
   * An error's body. `param` names the offending member, `id` is what the request id starts with,
   * `code` is for formats that have one and overrides what they would say for the status.
   */
  readonly error: (
    status: number,
    message: string,
    param: string | null,
    id: string,
    code?: string,
  ) => string;
}

/** A wire format whose requests are JSON. */
export interface Wire extends Format {
  /** @throws {BadRequest} when the format would refuse the body. */
  readonly read: (received: ReceivedBody) => Asked;
}
