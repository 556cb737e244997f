import fc from "fast-check";
import { expect, test } from "vitest";
import { readFrame } from "./frame.ts";
import { ask, completed, created, delta, say, withScript } from "./testing/serve-sockets.ts";
import { connect, isLast } from "./testing/socket-client.ts";

const members = fc.dictionary(
  fc.constantFrom("model", "input", "tools", "generate", "stream_id", "prompt", "store", "Model"),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 5 },
);
const tools = fc.array(
  fc.record({ type: fc.constantFrom("function", "namespace", "mcp", "custom"), name: fc.string() }),
);

/** Frames that ask for a response, more or less, and whatever else a client may think of. */
const anyFrame = fc.oneof(
  fc.tuple(members, fc.option(tools)).map(([fields, offered]) =>
    JSON.stringify({
      model: "m",
      input: "x",
      ...fields,
      ...(offered === null ? {} : { tools: offered }),
      type: "response.create",
    }),
  ),
  fc.record({ type: fc.string(), response_id: fc.jsonValue() }).map((each) => JSON.stringify(each)),
  fc.json(),
  fc.string({ unit: "binary" }),
);

test("whatever a client sends, the socket goes on and each request leaves one row", async () => {
  const { proxy } = await withScript({
    onFrame: ({ stream_id: lane }, socket) => {
      const onLane = (text: string) =>
        typeof lane === "string" ? `{"stream_id":${JSON.stringify(lane)},${text.slice(1)}` : text;
      say(socket, onLane(created("r")), onLane(delta("x")), onLane(completed("r")));
    },
  });
  const client = await connect(proxy.url);
  let rows = 0;
  let ends = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyFrame, { maxLength: 12 }), async (frames) => {
      for (const frame of [...frames, JSON.stringify(ask("m-1"))]) {
        const { kind } = readFrame(Buffer.from(frame), false);
        client.socket.send(frame);
        if (kind === "create" || kind === "unreadable") rows += 1;
        if (kind !== "steer" && kind !== "processed") ends += 1;
      }
      await client.ended(ends);
      await proxy.recorded(rows);
      expect(client.events.filter(isLast)).toHaveLength(ends);
      expect(proxy.calls).toHaveLength(rows);
      expect(proxy.failures).toEqual([]);
      expect(client.socket.readyState).toBe(client.socket.OPEN);
    }),
    { numRuns: 150 },
  );
  expect(new Set(proxy.calls.map(({ id }) => id)).size).toBe(rows);
}, 60_000);

test("whatever a provider sends, the client gets an end and the call a row", async () => {
  const anyMessage = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc
      .record({
        type: fc.constantFrom(
          "error",
          "response.created",
          "response.failed",
          "response.output_text.delta",
          "response.output_item.done",
          "x",
        ),
        response: fc.jsonValue({ maxDepth: 2 }),
        item: fc.jsonValue({ maxDepth: 1 }),
        status: fc.jsonValue({ maxDepth: 0 }),
        headers: fc.jsonValue({ maxDepth: 1 }),
        delta: fc.jsonValue({ maxDepth: 0 }),
      })
      .map((each) => JSON.stringify(each)),
  );
  let messages: string[] = [];
  const { proxy } = await withScript({
    onFrame: (_frame, socket) => say(socket, ...messages, completed("r")),
  });
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyMessage, { maxLength: 6 }), async (sent) => {
      messages = sent;
      // One socket each: what comes after an end belongs to no call.
      const client = await connect(proxy.url);
      client.send(ask("m-1"));
      rows += 1;
      await proxy.recorded(rows);
      expect(proxy.calls).toHaveLength(rows);
      expect(proxy.failures).toEqual([]);
      client.socket.close();
      await client.closed;
    }),
    { numRuns: 100 },
  );
}, 60_000);
