import type { ServerResponse } from "node:http";
import type { Delivery } from "./deliver.ts";

/** Where a reply is written to. */
export interface Outlet {
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
  readonly begin: (delivery: Delivery) => void;
  /** Resolves when there is room for more, or, if `wholly`, when the bytes have gone out. */
  readonly write: (bytes: string | Buffer, wholly: boolean) => Promise<void>;
  /** Writes a reply's last bytes. */
  readonly end: (bytes: string | Buffer) => void;
  /** Breaks the connection. */
  readonly die: () => void;
}

/** Writes to an HTTP response. */
export function httpOutlet(response: ServerResponse): Outlet {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return {
    gone: gone.signal,
    begin: (delivery) => writeHead(response, delivery),
    write: async (bytes, wholly) => flushed(response, bytes, wholly, gone.signal),
    end: (bytes) => {
      response.end(bytes);
    },
    // A plain close and not a reset: a reset may throw away bytes that the peer has not read yet.
    die: () => {
      response.socket?.destroy();
    },
  };
}

/** Sends the status and the headers of a reply. */
export function writeHead(response: ServerResponse, { reply, cut }: Delivery): void {
  const headers: Record<string, string | number> = {
    ...reply.headers,
    "content-type": reply.contentType,
  };
  // A cut body is sent chunked: a chunk is a write that no buffer on the way can join to the next.
  if (reply.errorEvent === null && cut === null) {
    headers["content-length"] = Buffer.byteLength(reply.steps[0]?.bytes ?? "");
  }
  response.writeHead(reply.status, headers);
}

async function flushed(
  response: ServerResponse,
  bytes: string | Buffer,
  wholly: boolean,
  gone: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      gone.removeEventListener("abort", done);
      response.removeListener("drain", done);
      resolve();
    };
    gone.addEventListener("abort", done, { once: true });
    const hasRoom = response.write(bytes, () => {
      if (wholly) done();
    });
    if (!wholly && hasRoom) done();
    else if (!wholly) response.once("drain", done);
  });
}
