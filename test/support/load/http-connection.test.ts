import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { HttpConnection } from "./http-connection.ts";

let server: Server | undefined;
let connection: HttpConnection | undefined;
afterEach(() => {
  connection?.destroy();
  server?.close();
});

/** The marks that one reply gives, its bytes sent in pieces of `size`, each in a turn of its own. */
async function marksOf(reply: string, size: number, thenClose = false): Promise<string[]> {
  server = createServer({ noDelay: true }, (socket) => {
    socket.once("data", () => void writeInPieces(socket, reply, size, thenClose));
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  connection = new HttpConnection(
    typeof address === "object" && address !== null ? address.port : 0,
  );
  const marks: string[] = [];
  await new Promise<void>((resolve) => {
    connection?.send("GET / HTTP/1.1\r\n\r\n", {
      onFirstToken: () => marks.push("token"),
      onEnd: () => resolve(void marks.push("end")),
      onError: (error) => resolve(void marks.push(error.message.slice(0, 9))),
    });
  });
  connection.destroy();
  server.close();
  return marks;
}

async function writeInPieces(
  socket: Socket,
  reply: string,
  size: number,
  thenClose: boolean,
): Promise<void> {
  for (let i = 0; i < reply.length; i += size) {
    await new Promise((resolve) => socket.write(reply.slice(i, i + size), resolve));
  }
  if (thenClose) socket.end();
}

const json = 'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"delta":"0"}';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const events = [
  'data: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n',
  'data: {"choices":[{"delta":{"content":"0"}}]}\n\n',
  'data: {"choices":[{"delta":{"content":"1"}}]}\n\n',
  "data: [DONE]\n\n",
];
const stream = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${events.map(chunk).join("")}0\r\n\r\n`;

describe("HttpConnection", () => {
  it.each([1, 2, 7, 1000])("finds a reply's end by its length, in pieces of %i", async (size) => {
    expect(await marksOf(json, size)).toEqual(["end"]);
  });

  it.each([1, 2, 7, 31, 1000])("finds token and end of a stream, in pieces of %i", async (size) => {
    expect(await marksOf(stream, size)).toEqual(["token", "end"]);
  });

  it("fails on any status but 200", async () => {
    expect(await marksOf(json.replace("200", "500"), 1000)).toEqual(["not a 200"]);
  });

  it("fails when the reply stops short", async () => {
    expect(await marksOf(json.slice(0, -1), 1000, true)).toEqual(["the conne"]);
  });
});
