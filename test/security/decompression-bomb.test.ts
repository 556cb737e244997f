/** Must show 4: a body that unfolds to a thousand times its bytes is refused where the limit is, in either direction. */
import {
  createGzip,
  brotliCompressSync,
  constants,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRaw } from "../../gateway/src/proxy/fuzz/testing/raw-client.ts";
import { plainAnswer } from "../../gateway/src/proxy/fuzz/testing/start-tcp-upstream.ts";
import { type AttackedWeir, outcomes, post, startAttacked } from "./support/attacked-weir.ts";

const MEGABYTE = 1_048_576;
let attacked: AttackedWeir;
let answer: string | Buffer = plainAnswer;
beforeAll(async () => {
  attacked = await startAttacked({}, (_request, socket) => socket.write(answer));
});
afterAll(() => attacked.remove());

async function gzipped(megabytes: number): Promise<Buffer<ArrayBuffer>> {
  const gzip = createGzip({ level: 9 });
  const blank = Buffer.alloc(MEGABYTE, 0x20);
  const chunks: Buffer[] = [];
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk));
  for (let at = 0; at < megabytes; at += 1) {
    if (!gzip.write(blank)) await new Promise((resolve) => gzip.once("drain", resolve));
  }
  const ended = new Promise((resolve) => gzip.once("end", resolve));
  gzip.end();
  await ended;
  return Buffer.from(Buffer.concat(chunks));
}

test("requests that unfold to gigabytes are 413, also many at once", async () => {
  await attacked.expectServing();
  const files = attacked.openFiles();
  const before = attacked.rssBytes();
  const blank = Buffer.alloc(256 * MEGABYTE, 0x20);
  const gigabyte = await gzipped(1_024);
  const bombs: [string, Uint8Array<ArrayBuffer>][] = [
    ["gzip", gigabyte],
    ["x-gzip", gigabyte],
    ["deflate", deflateSync(blank, { level: 9 })],
    ["br", brotliCompressSync(blank, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
    ["zstd", zstdCompressSync(blank)],
    // Twice: 1 GB from about a kilobyte.
    ["gzip, gzip", gzipSync(gigabyte, { level: 9 })],
    ["GZIP", gigabyte],
  ];
  let refused = 0;
  for (const [encoding, bytes] of bombs) {
    expect(bytes.length).toBeLessThan(2 * MEGABYTE);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        post(attacked, "/v1/chat/completions", bytes, { "content-encoding": encoding }),
      ),
    );
    for (const each of answers) {
      expect(await each.text(), encoding).toContain("WEIR_BODY_TOO_LARGE");
      expect(each.status, encoding).toBe(413);
      refused += 1;
    }
    await attacked.expectServing();
  }
  // Four of 32 MB at once, and what the collector has not yet come round to.
  expect(attacked.rssBytes() - before).toBeLessThan(500 * MEGABYTE);
  // The connections of the four stay open for a while; there were 28 attacks.
  await attacked.openFilesAtMost(files + 8);
  expect(refused).toBe(28);
}, 120_000);

test("an answer that unfolds to a gigabyte waits for its client, and does not fill the memory", async () => {
  const before = attacked.rssBytes();
  const bomb = await gzipped(1_024);
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
  answer = Buffer.concat([Buffer.from(head), bomb]);
  const body = '{"model":"sim-echo","messages":[]}';
  const clients = await Promise.all(
    Array.from({ length: 4 }, () => openRaw(attacked.weir.gateway)),
  );
  for (const client of clients) {
    client.socket.pause();
    client.send(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${attacked.weir.key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  }
  await expect.poll(() => attacked.upstream.requests.length).toBe(8 + 4);
  answer = plainAnswer;
  for (let time = 0; time < 50; time += 1) await attacked.expectServing();
  expect(attacked.rssBytes() - before).toBeLessThan(400 * MEGABYTE);
  for (const { socket } of clients) socket.destroy();
  const { calls } = await attacked.stop();
  expect(outcomes(calls)).toEqual({ completed: 8 + 50, too_large: 28, client_abort: 4 });
}, 120_000);
