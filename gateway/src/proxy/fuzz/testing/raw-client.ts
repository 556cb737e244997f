/** A client made of a bare socket: it sends what no HTTP library would. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { readResponse, type StrictMessage } from "./strict-http.ts";

const WAIT_MS = 5_000;

export interface RawClient extends Disposable {
  readonly socket: Socket;
  send(...pieces: (string | Buffer)[]): void;
  /** So many whole answers, or fewer if the connection closes before. 100 Continue is passed over. */
  answers(count: number): Promise<readonly StrictMessage[]>;
  /** Resolves when the gateway has closed the connection. @returns all answers on it */
  closed(): Promise<readonly StrictMessage[]>;
  readonly isClosed: boolean;
}

export async function openRaw(url: string): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  let pending = Buffer.alloc(0);
  const answers: StrictMessage[] = [];
  let isClosed = false;
  let changed = Promise.withResolvers<void>();
  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  let failure: unknown = null;
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isClosed = true;
    change();
  });
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    const goOn = "HTTP/1.1 100 Continue\r\n\r\n";
    const next = () => {
      while (pending.indexOf(goOn) === 0) pending = pending.subarray(goOn.length);
      return readResponse(pending);
    };
    try {
      for (let read = next(); read !== null; read = next()) {
        pending = pending.subarray(read.length);
        answers.push(read.message);
      }
    } catch (error) {
      failure = error;
    }
    change();
  });
  const hasFailed = () => failure !== null;
  const until = async (isDone: () => boolean) => {
    const late = setTimeout(() => {
      failure = new Error(
        `nothing came: ${answers.length} answers, rest ${JSON.stringify(pending.toString("latin1"))}`,
      );
      change();
    }, WAIT_MS);
    while (!isDone() && !hasFailed()) await changed.promise;
    clearTimeout(late);
    if (failure !== null) throw failure;
    return answers;
  };
  return {
    socket,
    send: (...pieces) => {
      for (const piece of pieces) {
        socket.write(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);
      }
    },
    answers: (count) => until(() => answers.length >= count || isClosed),
    closed: () => until(() => isClosed),
    get isClosed() {
      return isClosed;
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** The status of an answer. */
export function statusOf({ startLine }: StrictMessage): number {
  return Number(startLine.split(" ")[1]);
}
