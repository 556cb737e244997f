/** Must show 4: no header gets to the provider, to the client or into a row that Weir did not mean to put there. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRaw, statusOf } from "../../gateway/src/proxy/fuzz/testing/raw-client.ts";
import { type AttackedWeir, body, outcomes, startAttacked } from "./support/attacked-weir.ts";

let attacked: AttackedWeir;
beforeAll(async () => {
  const forged =
    "X-Weir-Call-Id: forged-up\r\nX-Weir-Decision-Id: forged-up\r\nSet-Cookie: forged-up=1\r\nConnection: keep-alive, X-Hop\r\nX-Hop: forged-up\r\n";
  const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${forged}Content-Length: 10\r\n\r\n{"id":"x"}`;
  attacked = await startAttacked({}, (_request, socket) => socket.write(answer));
});
afterAll(() => attacked.remove());

async function send(lines: string, path = "/v1/chat/completions") {
  using client = await openRaw(attacked.weir.gateway);
  const key = `Authorization: Bearer ${attacked.weir.key}\r\n`;
  client.send(
    `POST ${path} HTTP/1.1\r\nHost: weir\r\n${key}${lines}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
  const [answer] = await client.answers(1);
  return answer;
}

test("control characters are refused, forged headers stay out, and each call has its own row", async () => {
  const files = attacked.openFiles();
  let served = 0;
  for (const character of ["\0", "\r", "\x01", "\x08", "\x0b", "\x1b", "\x1f", "\x7f"]) {
    for (const name of ["X-A", "User-Agent", "Session-Id", "Anthropic-Beta", "X-Request-Id"]) {
      const answer = await send(`${name}: a${character}X-Weir-Call-Id: forged\r\n`);
      expect(answer && statusOf(answer)).toBe(400);
    }
  }
  for (const escaped of [
    "%0d%0aX-Forged: 1",
    "\\r\\nX-Forged: 1",
    "\xc4\x8d\xc4\x8aX-Forged: 1",
    "\xe5\x98\x8d\xe5\x98\x8aX-Forged: 1",
  ]) {
    for (const name of ["X-A", "User-Agent", "Session-Id", "Originator"]) {
      const answer = await send(`${name}: ${escaped}\r\n`);
      expect(answer && statusOf(answer)).toBe(200);
      served += 1;
    }
    const answer = await send("", `/v1/chat/completions?a=${escaped.replaceAll(" ", "%20")}`);
    const status = answer && statusOf(answer);
    expect([200, 400]).toContain(status);
    if (status === 200) served += 1;
  }
  for (const name of [
    "X-Weir-Call-Id",
    "x_weir_decision_id",
    "X-Forwarded-For",
    "Via",
    "Openai_Project",
    "Traceparent",
  ]) {
    const answer = await send(`${name}: forged\r\n`);
    expect(answer && statusOf(answer)).toBe(200);
    expect(JSON.stringify(answer?.headers)).not.toMatch(/forged/);
    expect(answer?.headers.filter(([each]) => each === "x-weir-call-id")).toHaveLength(1);
    served += 1;
  }
  for (const { headers } of attacked.upstream.requests) {
    expect(headers.map(([name]) => name)).not.toContain("x-forged");
    expect(headers.filter(([name]) => name === "authorization")).toEqual([
      ["authorization", "Bearer sk-upstream"],
    ]);
  }
  expect(attacked.upstream.bytes().toString("latin1")).not.toMatch(/: forged/);
  expect(attacked.upstream.errors).toEqual([]);
  await attacked.openFilesAtMost(files + 3);
  const { calls } = await attacked.stop();
  expect(outcomes(calls)).toEqual({ completed: served });
  expect(
    JSON.stringify(calls.map(({ id, decision_id, trace_id }) => [id, decision_id, trace_id])),
  ).not.toContain("forged");
}, 60_000);
