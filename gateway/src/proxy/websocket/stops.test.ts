import { expect, test } from "vitest";
import type { SnapshotStop } from "../../contracts/stop.ts";
import { StopBook } from "../stop/stop-book.ts";
import { ask, withSimulator } from "./testing/serve-sockets.ts";
import { connect } from "./testing/socket-client.ts";

const all: SnapshotStop = { id: "s", kind: "all", target: "", reason: "incident 42", setAtMs: 1 };

test("a response under way on a socket is cut in its dialect, and later frames are refused", async () => {
  const { proxy } = await withSimulator();
  const client = await connect(proxy.url);
  client.send(ask("sim-slow-1000"));
  await expect.poll(() => client.texts.length, { timeout: 10_000 }).toBeGreaterThan(0);
  const begun = performance.now();
  proxy.stops.setBook(new StopBook([all]));
  const events = await client.ended(1);
  expect(performance.now() - begun).toBeLessThan(1_000);
  expect(events.at(-1)).toMatchObject({ type: "response.failed" });
  expect(client.texts.at(-1)).toContain("incident 42.");
  expect((await proxy.recorded(1))[0]).toMatchObject({
    outcome: "denied",
    errorCode: "WEIR_STOPPED",
    usage: { streamEnd: "policy_cut" },
  });
  client.send(ask("sim-echo"));
  await client.ended(2);
  expect(client.texts.at(-1)).toContain("WEIR_STOPPED");
  await expect.poll(() => proxy.stops.watched).toBe(0);
});
