import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SimulatorUnderTest } from "./simulator-under-test.ts";

let server: SimulatorUnderTest;
beforeAll(async () => {
  server = await SimulatorUnderTest.start({ maxBodyBytes: 10_000 });
});
afterEach(() => server.simulator.ledger.reset());
afterAll(() => server[Symbol.asyncDispose]());

const path = "/v1/audio/transcriptions";
const boundary = "weir-test-boundary";

function formOf(name: string, model = "m"): string {
  return [
    `--${name}\r\ncontent-disposition: form-data; name="model"\r\n\r\n${model}\r\n`,
    `--${name}\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n`,
    `content-type: audio/wav\r\n\r\n${"sound ".repeat(50)}\r\n--${name}--\r\n`,
  ].join("");
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

async function post(pieces: readonly string[], contentType: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": contentType };
    const sent = request(server.simulator.url + path, { method: "POST", headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => resolve({ status: response.statusCode, text }));
    });
    sent.once("error", reject);
    for (const piece of pieces) sent.write(piece);
    sent.end();
  });
}

const formType = (name: string): string => `multipart/form-data; boundary=${name}`;

describe("a multipart body", () => {
  it("is read the same wherever it is cut", async () => {
    const form = formOf(boundary);
    const whole = await post([form], formType(boundary));
    expect(whole.status).toBe(200);
    for (let cut = 1; cut < form.length; cut += 7) {
      const pieces = [form.slice(0, cut), form.slice(cut)];
      expect(await post(pieces, formType(boundary))).toEqual(whole);
    }
  });

  it("is answered by what it holds, and kept in the ledger by its bytes", async () => {
    const [one, two] = ["boundary-one", "boundary-number-two"];
    const first = await post([formOf(one)], formType(one));
    const second = await post([formOf(two)], formType(two));
    expect(first.text).toBe(second.text);
    const [a, b] = server.simulator.ledger.calls();
    expect(a?.id.split("_")[1]).toBe(b?.id.split("_")[1]);
    expect(a?.requestSha256).not.toBe(b?.requestSha256);
    expect(a?.requestBytes).toBe(formOf(one).length);
  });

  it("is refused, not waited for, when it ends before its closing boundary", async () => {
    const form = formOf(boundary);
    for (let end = 0; end < form.length - 4; end += 11) {
      const answer = await post([form.slice(0, end)], formType(boundary));
      expect([end, answer.status]).toEqual([end, 400]);
    }
    expect(server.simulator.ledger.totals()).toMatchObject({ open: 0, billedCalls: 0 });
  });

  it.each(["application/json", "multipart/form-data", "text/plain", ""])(
    "is refused as %j",
    async (contentType) => {
      expect((await post([formOf(boundary)], contentType)).status).toBe(400);
    },
  );

  it("is refused beyond the limit", async () => {
    const pieces = [formOf(boundary), "x".repeat(10_000)];
    expect((await post(pieces, formType(boundary))).status).toBe(413);
  });

  it("fails a few times by what it holds, whatever its boundary", async () => {
    const [one, two] = ["boundary-one", "boundary-number-two"];
    const first = await post([formOf(one, "sim-flaky-1")], formType(one));
    const second = await post([formOf(two, "sim-flaky-1")], formType(two));
    expect([first.status, second.status]).toEqual([503, 200]);
  });
});
