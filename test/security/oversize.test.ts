/** Must show 4: what is too large is refused where the limit is, and never held. */
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRaw, statusOf } from "../../gateway/src/proxy/fuzz/testing/raw-client.ts";
import { type AttackedWeir, outcomes, startAttacked } from "./support/attacked-weir.ts";

const MEGABYTE = 1_048_576;
const limits = { maxBodyBytes: MEGABYTE, maxUploadBytes: 4 * MEGABYTE };
let attacked: AttackedWeir;
beforeAll(async () => {
  const team = { id: "blue", models: ["*"], unmeteredOperations: ["*"] };
  attacked = await startAttacked({ limits, teams: [team] });
});
afterAll(() => attacked.remove());

const type = "Content-Type: multipart/form-data; boundary=b\r\n";
const form =
  '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nsim-echo\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';

/** Sends up to 64 MB, as fast as they are taken, until the gateway answers or hangs up. */
async function pour(path: string, headers: string, begin: string, framing: "chunked" | "length") {
  using client = await openRaw(attacked.weir.gateway);
  const chunk = Buffer.alloc(64 * 1_024, 0x20);
  const length = 64 * MEGABYTE;
  const framed = framing === "chunked" ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  client.send(
    `POST ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${attacked.weir.key}\r\n${headers}${framed}\r\n\r\n`,
  );
  const wrap = (bytes: Buffer) =>
    framing === "length"
      ? bytes
      : Buffer.concat([
          Buffer.from(`${bytes.length.toString(16)}\r\n`),
          bytes,
          Buffer.from("\r\n"),
        ]);
  const answered = client.answers(1);
  const state = { done: false };
  void answered.finally(() => {
    state.done = true;
  });
  if (begin !== "") client.socket.write(wrap(Buffer.from(begin)));
  for (
    let sent = begin.length;
    sent + chunk.length <= length && !state.done;
    sent += chunk.length
  ) {
    if (client.isClosed) break;
    if (!client.socket.write(wrap(chunk))) {
      await Promise.race([once(client.socket, "drain"), once(client.socket, "close"), answered]);
    }
  }
  const [answer] = await answered;
  return answer;
}

test("bodies, forms and uploads of any length are cut off at the limit, with 413 and one row each", async () => {
  await attacked.expectServing();
  const files = attacked.openFiles();
  const before = attacked.rssBytes();
  const seen: number[] = [];
  for (const framing of ["length", "chunked"] as const) {
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all([
        pour("/v1/chat/completions", "", '{"model":"', framing),
        pour("/v1/messages", "", '{"model":"', framing),
        pour("/v1beta/models/sim-echo:generateContent", "", "{", framing),
        pour("/v1/audio/transcriptions", type, form, framing),
        // A file before the model: held until the model comes, which it never does.
        pour("/v1/images/edits", type, form.slice(form.indexOf("--b", 3)), framing),
        pour("/v1/files", type, form, framing),
      ]);
      for (const answer of answers) seen.push(answer === undefined ? 0 : statusOf(answer));
    }
  }
  expect(seen.filter((status) => status !== 413)).toEqual([]);
  expect(attacked.rssBytes() - before).toBeLessThan(256 * MEGABYTE);
  await attacked.openFilesAtMost(files + 2);
  await attacked.expectServing();
  // Of uploads the provider may have seen the beginning, but no request that is whole.
  expect(attacked.upstream.requests).toHaveLength(2);
  const { calls } = await attacked.stop();
  expect(outcomes(calls)).toEqual({ completed: 2, too_large: 36 });
  for (const row of calls) {
    expect(Number(row["request_bytes"])).toBeLessThanOrEqual(4 * MEGABYTE + 2 * 65_536);
  }
}, 120_000);
