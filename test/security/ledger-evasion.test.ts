/** Must show 4: no caller can word a call so that it leaves no row. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AttackedWeir, post, startAttacked } from "./support/attacked-weir.ts";

let attacked: AttackedWeir;
beforeAll(async () => {
  const answer = `{"id":"\\ud800","model":"m\\udfff","choices":[{"finish_reason":"\\ud800x"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"\\ud800":1}}`;
  const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: caf\xe9\r\n";
  attacked = await startAttacked({}, (_request, socket) => {
    socket.write(Buffer.from(`${head}Content-Length: ${answer.length}\r\n\r\n${answer}`, "latin1"));
  });
});
afterAll(() => attacked.remove());

const texts = [
  "\\ud800",
  "sim-\\udfff",
  "sim-a\\ud800b",
  "sim-\\u0000",
  "sim-\\u0001\\u2028",
  "sim-😀",
  "sim-'; DROP TABLE calls --",
  "sim-\\\\N",
];
const counts = ["1e300", "-0", "9007199254740993", "18446744073709551616", "1e19", "0.1"];

test("every call has its row, whatever names and counts it has, and so has every decision", async () => {
  const answered = new Map<string, number>();
  const call = async (body: string, headers: Record<string, string> = {}) => {
    for (const path of ["/v1/chat/completions", "/v1/messages", "/v1/responses"]) {
      const response = await post(attacked, path, body, headers);
      await response.text();
      expect(response.status).toBeLessThan(500);
      const id = response.headers.get("x-weir-call-id") ?? "";
      expect(answered.has(id)).toBe(false);
      answered.set(id, response.status);
    }
  };
  for (const text of texts) {
    await call(`{"model":"${text}","messages":[]}`);
    await call(
      `{"model":"sim-echo","messages":[],"user":"${text}","metadata":{"user_id":"${text}"}}`,
    );
    await call(
      `{"model":"sim-echo","messages":[],"tools":[{"type":"function","name":"${text}","function":{"name":"${text}"}}]}`,
    );
  }
  for (const count of counts) {
    await call(
      `{"model":"sim-echo","messages":[],"max_tokens":${count},"max_output_tokens":${count},"n":1}`,
    );
    await call(`{"model":"sim-echo","messages":[],"n":${count}}`);
  }
  for (const value of ["\xff\xfe", "caf\xe9", "a\tb", "\xed\xa0\x80"]) {
    await call('{"model":"sim-echo","messages":[]}', {
      "user-agent": value,
      "session-id": value,
      originator: value,
    });
  }
  const { calls, decisions } = await attacked.stop();
  const rows = new Map(calls.map(({ id, status }) => [id, status]));
  expect(rows).toEqual(answered);
  expect(calls).toHaveLength(answered.size);
  const decided = calls
    .filter(({ decision_id }) => decision_id !== "")
    .map(({ decision_id }) => decision_id);
  expect(new Set(decisions.map(({ id }) => id))).toEqual(new Set(decided));
  expect(decided.length).toBeGreaterThan(20);
  const completed = calls.filter(({ outcome }) => outcome === "completed");
  expect(completed.length).toBeGreaterThan(20);
}, 60_000);
