/** Must show 4: clients that send or read as slowly as they can take neither the place of others nor the memory. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRaw, type RawClient } from "../../gateway/src/proxy/fuzz/testing/raw-client.ts";
import { type AttackedWeir, body, outcomes, startAttacked } from "./support/attacked-weir.ts";

const MEGABYTE = 1_048_576;
const CLIENTS = 300;
/** 64 MB of a stream that never comes to its end. */
const frame = `data: {"choices":[{"delta":{"content":"${"x".repeat(60_000)}"}}]}\n\n`;
let streaming = false;
let attacked: AttackedWeir;
beforeAll(async () => {
  attacked = await startAttacked({}, (_request, socket) => {
    if (!streaming) {
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"id":"x"}',
      );
      return;
    }
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
    let sent = 0;
    const more = () => {
      while (sent < 64 * MEGABYTE && !socket.destroyed) {
        sent += frame.length;
        if (!socket.write(frame)) {
          socket.once("drain", more);
          return;
        }
      }
    };
    more();
  });
});
afterAll(() => attacked.remove());

async function openMany(begin: string): Promise<RawClient[]> {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => openRaw(attacked.weir.gateway)),
  );
  for (const client of clients) client.send(begin);
  return clients;
}

test("three hundred at each stage of a request do not keep others waiting, and leave nothing behind", async () => {
  await attacked.expectServing();
  const files = attacked.openFiles();
  const before = attacked.rssBytes();
  const head = `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${attacked.weir.key}\r\n`;
  const stages: [begin: string, rows: number][] = [
    ["", 0],
    ["POST /v1/ch", 0],
    [head, 0],
    [`${head}Content-Length: 1000000\r\n\r\n{`, CLIENTS],
    [`${head}Transfer-Encoding: chunked\r\n\r\n1\r\n{`, CLIENTS],
    [
      `${head.replace("chat/completions", "audio/transcriptions")}Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n--b\r\n`,
      CLIENTS,
    ],
  ];
  let aborted = 0;
  let served = 1;
  for (const [begin, rows] of stages) {
    const clients = await openMany(begin);
    const begun = performance.now();
    for (let time = 0; time < 20; time += 1) await attacked.expectServing();
    served += 20;
    expect(performance.now() - begun).toBeLessThan(5_000);
    for (const client of clients) client.socket.destroy();
    aborted += rows;
    // Connections to the provider stay open for a while; there were three hundred clients.
    await attacked.openFilesAtMost(files + 12);
  }
  expect(attacked.rssBytes() - before).toBeLessThan(128 * MEGABYTE);

  streaming = true;
  const stream = body.replace("}", ',"stream":true}');
  const readers = await openMany("");
  for (const reader of readers.slice(0, 50)) {
    reader.socket.pause();
    reader.send(`${head}Content-Length: ${stream.length}\r\n\r\n${stream}`);
  }
  await expect.poll(() => attacked.upstream.requests.length, { timeout: 20_000 }).toBe(served + 50);
  streaming = false;
  for (let time = 0; time < 20; time += 1) await attacked.expectServing();
  served += 20;
  // Fifty streams of 64 MB each, 3,200 MB, of which nobody reads a byte. The young generation alone
  // may grow by 192 MB whatever is held, so a bound below that much more would be a matter of luck.
  expect(attacked.rssBytes() - before).toBeLessThan(512 * MEGABYTE);
  for (const reader of readers) reader.socket.destroy();
  aborted += 50;
  await attacked.openFilesAtMost(files + 12);
  const { calls } = await attacked.stop();
  expect(outcomes(calls)).toEqual({ completed: served, client_abort: aborted });
}, 120_000);
