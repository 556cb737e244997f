/** Must show 4: whatever one connection carries, the provider reads the requests that Weir decided on, and no other. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { oddRequests } from "../../gateway/src/proxy/fuzz/testing/odd-requests.ts";
import { openRaw, statusOf } from "../../gateway/src/proxy/fuzz/testing/raw-client.ts";
import { unclearRequests } from "../../gateway/src/proxy/fuzz/testing/unclear-requests.ts";
import { type AttackedWeir, outcomes, startAttacked } from "./support/attacked-weir.ts";

let attacked: AttackedWeir;
beforeAll(async () => {
  // The requests of the unit tests name the model m-1.
  attacked = await startAttacked({ teams: [{ id: "blue", models: ["*"] }] });
});
afterAll(() => attacked.remove());

test("no second request gets through, each call has one row, and nothing stays open", async () => {
  const { weir, upstream } = attacked;
  await attacked.expectServing();
  const files = attacked.openFiles();
  let forwarded = 1;
  let completed = 1;
  let unauthenticated = 0;
  let invalid = 0;
  for (const { name, bytes } of unclearRequests(weir.key)) {
    using client = await openRaw(weir.gateway);
    client.send(bytes);
    for (const answer of await client.closed())
      expect(statusOf(answer), name).toBeGreaterThanOrEqual(400);
    expect(upstream.requests, name).toHaveLength(forwarded);
  }
  for (const { name, bytes, answers, forwarded: passed } of oddRequests(weir.key)) {
    using client = await openRaw(weir.gateway);
    client.send(bytes);
    const got = answers.length === 0 ? await client.closed() : await client.answers(answers.length);
    expect(got.map(statusOf), name).toEqual(answers);
    forwarded += passed;
    completed += passed;
    unauthenticated += answers.filter((status) => status === 401).length;
    invalid += answers.filter((status) => status === 400).length;
    expect(upstream.requests, name).toHaveLength(forwarded);
  }
  expect(upstream.errors).toEqual([]);
  expect(upstream.bytes().toString("latin1")).not.toMatch(/x-smuggled/i);
  expect(upstream.bytes().includes(weir.key)).toBe(false);
  await attacked.openFilesAtMost(files + 2);
  const { calls } = await attacked.stop();
  expect(outcomes(calls)).toMatchObject({ completed, unauthenticated });
  // A body that breaks off, or turns out to be framed in two ways, is a call whose client has gone.
  const known = new Set(["completed", "unauthenticated", "invalid_request", "client_abort"]);
  expect(calls.filter(({ outcome }) => !known.has(String(outcome)))).toEqual([]);
  expect(outcomes(calls)["invalid_request"] ?? 0).toBeLessThanOrEqual(invalid);
  expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
}, 120_000);
