import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { SimulatorUnderTest } from "./simulator-under-test.ts";

let server: SimulatorUnderTest;
beforeAll(async () => {
  server = await SimulatorUnderTest.start();
});
afterEach(() => server.simulator.ledger.reset());
afterAll(() => server[Symbol.asyncDispose]());

const paths = [
  "/v1/chat/completions",
  "/v1/responses",
  "/v1/responses/input_tokens",
  "/v1/completions",
  "/v1/embeddings",
  "/v1/moderations",
  "/v1/audio/speech",
  "/v1/images/generations",
  "/v1/batches",
  "/v1/messages",
];
const members = (
  "messages input prompt tools tool_choice stream_options max_tokens n instructions include " +
  "reasoning text response_format previous_response_id dimensions encoding_format system " +
  "metadata partial_images endpoint store"
).split(" ");

const typed = fc.record({
  type: fc.constantFrom("message", "function", "namespace", "custom", "function_call_output"),
  role: fc.constantFrom("user", "assistant", "tool"),
  name: fc.jsonValue(),
  content: fc.jsonValue(),
  tools: fc.jsonValue(),
  output: fc.jsonValue(),
  parameters: fc.jsonValue(),
});
const value = fc.oneof(fc.jsonValue(), typed, fc.array(typed, { maxLength: 3 }));
const body = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...members), value),
    fc.constantFrom("m", "sim-tools-reasoning", "sim-search-cached"),
    fc.boolean(),
  )
  .map(([some, model, stream]) => Object.assign(some, { model, stream }));

it.each(paths)("%s answers any body with 200 or 400, and closes its entry", async (path) => {
  await fc.assert(
    fc.asyncProperty(body, async (any) => {
      const response = await server.post(path, any);
      await response.text();
      expect([200, 400]).toContain(response.status);
    }),
    { numRuns: 50 },
  );
  expect(server.simulator.ledger.totals().open).toBe(0);
});

it.each(paths)("%s survives JSON that is nested too deeply to be written again", async (path) => {
  const depth = 200_000;
  const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
  for (const member of ["tools", "metadata", "input"]) {
    const text = `{"model":"m","stream":true,"prompt":"x","${member}":${deep}}`;
    const response = await fetch(server.simulator.url + path, { method: "POST", body: text });
    await response.text();
    expect([200, 400]).toContain(response.status);
  }
  expect(server.simulator.ledger.totals().open).toBe(0);
});
