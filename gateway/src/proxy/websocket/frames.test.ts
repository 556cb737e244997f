import { once } from "node:events";
import { expect, test } from "vitest";
import { allow } from "../testing/start-test-proxy.ts";
import { answersAll, ask, withScript } from "./testing/serve-sockets.ts";
import { connect, isLast } from "./testing/socket-client.ts";

const denial = {
  type: "response.failed",
  sequence_number: 1,
  response: { status: "failed", error: { code: "invalid_prompt" } },
};

test("a denied frame gets the events that make Codex stop, with message, code and decision", async () => {
  const { upstream, proxy } = await withScript(answersAll(), {
    policy: (() => {
      const decisions = [allow, { ...allow, effect: "deny" as const, userMessage: "Not today." }];
      return () => decisions.shift() ?? allow;
    })(),
  });
  const client = await connect(proxy.url);
  client.send(ask("m-1", { stream_id: "a" }));
  const [first, second] = await client.ended(1);
  expect(first).toMatchObject({ type: "response.created", stream_id: "a", sequence_number: 0 });
  expect(second).toMatchObject({ ...denial, stream_id: "a" });
  const [row] = await proxy.recorded(1);
  expect(JSON.stringify(second)).toContain(
    `Not today. [WEIR_POLICY_DENIED, decision ${row?.decision?.id}]`,
  );
  expect(row).toMatchObject({
    outcome: "denied",
    status: 400,
    attempts: 0,
    usage: { streamEnd: "policy_cut" },
  });
  expect(upstream.upgrades).toEqual([]);
  // Policy has changed: the same socket may go on.
  client.send(ask("m-1"));
  expect((await client.ended(2)).at(-1)).toMatchObject({ type: "response.completed" });
});

test("a client whose key an error would disable gets a denial as an answer", async () => {
  let effect: "allow" | "deny" = "allow";
  const { proxy } = await withScript(answersAll(), {
    denialStyle: "soft",
    policy: () => ({ ...allow, effect, userMessage: "Not today." }),
  });
  const client = await connect(proxy.url);
  effect = "deny";
  client.send(ask("m-1"));
  const events = await client.ended(1);
  expect(events.at(-1)).toMatchObject({
    type: "response.completed",
    response: { model: "m-1", output: [{ content: [{ text: expect.stringContaining("Not") }] }] },
  });
  expect(await proxy.recorded(1)).toMatchObject([{ outcome: "denied", status: 200 }]);
});

test("a key that was revoked between two frames serves no more, and its socket is closed", async () => {
  let isKeyValid = true;
  const { upstream, proxy } = await withScript(answersAll(), { isKeyValid: () => isKeyValid });
  const client = await connect(proxy.url);
  client.send(ask("m-1"));
  await client.ended(1);
  isKeyValid = false;
  client.send(ask("m-1"));
  expect((await client.ended(2)).at(-1)).toMatchObject(denial);
  expect(await client.closed).toBe(1008);
  expect(upstream.frames).toHaveLength(1);
  expect((await proxy.recorded(2))[1]).toMatchObject({ outcome: "unauthenticated" });
});

test.each([
  ["no JSON", "{", "weir_body_not_json"],
  ["no object", "[]", "weir_body_not_json"],
  ["a text that is not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "weir_body_not_json"],
  ["a member twice", '{"type":"response.create","model":"a","model":"b"}', "weir_body_ambiguous"],
  ["a type in capitals", '{"TYPE":"response.create","model":"a"}', "weir_body_ambiguous"],
  ["no model", '{"type":"response.create"}', "weir_field_invalid"],
  ["in the background", ask("m", { background: true }), "weir_field_invalid"],
  ["a lane that is no text", ask("m", { stream_id: 7 }), "weir_field_invalid"],
])("%s: refused with a row, and the socket goes on", async (_what, frame, code) => {
  const { upstream, proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  if (Buffer.isBuffer(frame)) client.socket.send(frame, { binary: false });
  else client.send(frame);
  expect((await client.ended(1)).at(-1)).toMatchObject(denial);
  expect(client.texts.at(-1)).toContain(code.toUpperCase());
  expect(await proxy.recorded(1)).toMatchObject([
    { outcome: "invalid_request", errorCode: code.toUpperCase(), status: 400 },
  ]);
  client.send(ask("m-1"));
  await client.ended(2);
  expect(upstream.frames).toHaveLength(1);
});

test("a binary message is refused with a row", async () => {
  const { proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  client.socket.send(Buffer.from(JSON.stringify(ask("m-1"))), { binary: true });
  expect((await client.ended(1)).at(-1)).toMatchObject(denial);
  expect(await proxy.recorded(1)).toMatchObject([{ outcome: "invalid_request" }]);
});

test("what is not a request for a response is refused, passed or answered, but is no call", async () => {
  const { upstream, proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  client.send({ type: "response.processed", response_id: "resp_0" });
  client.send(ask("m-1"));
  await client.ended(1);
  client.send({ type: "response.cancel" });
  expect((await client.ended(2)).at(-1)).toMatchObject({
    type: "error",
    status: 400,
    error: { code: "weir_field_invalid" },
  });
  client.send({ type: "response.steer", previous_response_id: "resp_1", input: "more" });
  await expect.poll(() => client.events.at(-1)?.["type"]).toBe("response.steer.failed");
  expect(client.events.at(-1)).toMatchObject({
    error: { code: "steering_not_supported" },
    steer: { previous_response_id: "resp_1", input: "more" },
  });
  client.send({ type: "response.processed", response_id: "resp_1" });
  await expect.poll(() => upstream.frames.length).toBe(2);
  expect(upstream.frames[1]).toContain("response.processed");
  client.send({ type: "response.processed", response_id: "resp_1", input: "smuggled" });
  await client.ended(3);
  expect(upstream.frames).toHaveLength(2);
  expect(proxy.calls).toHaveLength(1);
});

test("a message above the limit closes its socket, and leaves a row", async () => {
  const { proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  client.send(ask("m-1", { instructions: "x".repeat(70_000) }));
  expect(await client.closed).toBe(1009);
  expect(await proxy.recorded(1)).toMatchObject([{ outcome: "too_large", status: 413 }]);
});

test("a message that was compressed though nobody agreed to it closes its socket", async () => {
  const { proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  // A text message of two bytes, with the bit for "compressed" and an empty mask.
  Reflect.get(client.socket, "_socket").write(Buffer.from("c182000000007b7d", "hex"));
  expect(await client.closed).toBe(1002);
});

test("frames in a flood are refused, then end the socket, but each that was taken has a row", async () => {
  const { upstream, proxy } = await withScript(
    {},
    {
      socketBounds: { maxUnanswered: 2, maxRefusing: 4 },
      beforeRecord: () => new Promise((resolve) => setImmediate(resolve)),
    },
  );
  const client = await connect(proxy.url);
  for (let sent = 0; sent < 3; sent += 1) client.send(ask("m-1"));
  expect((await client.ended(1)).at(-1)).toMatchObject({
    type: "response.failed",
    response: { error: { code: "server_error" } },
  });
  for (let sent = 0; sent < 200; sent += 1) client.send(ask("m-1"));
  expect(await client.closed).toBe(1013);
  await expect
    .poll(() => proxy.calls.filter(({ outcome }) => outcome === "client_abort").length)
    .toBe(2);
  expect(upstream.frames).toHaveLength(1);
  const refused = proxy.calls.filter(({ outcome }) => outcome === "unavailable").length;
  expect(refused).toBeGreaterThanOrEqual(client.events.filter(isLast).length);
  expect(proxy.calls).toHaveLength(refused + 2);
});

test("what is held of messages that are not whole counts towards what all calls may hold", async () => {
  const { proxy } = await withScript(answersAll(), {
    maxBodyBytesInMemory: 100_000,
    limits: { maxBodyBytes: 1_048_576 },
  });
  const client = await connect(proxy.url);
  client.socket.send("x".repeat(200_000), { fin: false });
  expect(await client.closed).toBe(1013);
  const next = await connect(proxy.url);
  next.send(ask("m-1"));
  await next.ended(1);
});

test("frames that wait count towards what all calls may hold", async () => {
  const { upstream, proxy } = await withScript({}, { maxBodyBytesInMemory: 6_000 });
  const client = await connect(proxy.url);
  const frame = ask("m-1", { instructions: "x".repeat(1_700) });
  for (let sent = 0; sent < 3; sent += 1) {
    client.send(frame);
    client.socket.ping();
    await once(client.socket, "pong");
  }
  client.send(frame);
  expect(await client.closed).toBe(1013);
  const rows = await proxy.recorded(3);
  expect(rows.every(({ outcome }) => outcome === "client_abort")).toBe(true);
  const next = await connect(proxy.url);
  next.send(frame);
  await expect.poll(() => upstream.frames.length).toBe(2);
});

test("a client's pings take nothing of what messages may hold, nor do they hide what they part", async () => {
  const { proxy } = await withScript(answersAll(), {
    maxBodyBytesInMemory: 4_000,
    limits: { maxBodyBytes: 1_048_576 },
  });
  const client = await connect(proxy.url);
  for (let sent = 0; sent < 1_000; sent += 1) {
    client.socket.ping("0123456789");
    if (sent % 20 === 0) await once(client.socket, "pong");
  }
  client.send(ask("m-1"));
  await client.ended(1);
  for (let sent = 0; sent < 20; sent += 1) {
    client.socket.send("x".repeat(500), { fin: false });
    client.socket.ping("0123456789");
  }
  expect(await client.closed).toBe(1013);
});
