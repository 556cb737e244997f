import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Refusal } from "../../refusal.ts";
import { openAiAudio } from "../openai-audio/openai-audio.ts";
import { openAiChat } from "../openai-chat/openai-chat.ts";
import { openAiCompletions } from "../openai-completions/openai-completions.ts";
import { openAiEmbeddings } from "../openai-embeddings/openai-embeddings.ts";
import { openAiImages } from "../openai-images/openai-images.ts";
import { openAiModerations } from "../openai-moderations/openai-moderations.ts";
import { openAiResponses } from "../openai-responses/openai-responses.ts";
import { editMembers, type JsonObject, type JsonValue } from "../json-body.ts";
import { matchedForm, matchedJson } from "../testing/matched.ts";

const json = [
  matchedJson(openAiChat, "/v1/chat/completions"),
  matchedJson(openAiResponses, "/v1/responses"),
  matchedJson(openAiResponses, "/v1/responses/compact"),
  matchedJson(openAiCompletions, "/v1/completions"),
  matchedJson(openAiEmbeddings, "/v1/embeddings"),
  matchedJson(openAiModerations, "/v1/moderations"),
  matchedJson(openAiAudio, "/v1/audio/speech"),
  matchedJson(openAiImages, "/v1/images/generations"),
].map((operation) => [operation.id, operation] as const);

const forms = [
  matchedForm(openAiAudio, "/v1/audio/transcriptions"),
  matchedForm(openAiImages, "/v1/images/edits"),
].map((operation) => [operation.id, operation] as const);

/** Values that are nearly right are worth more than noise. */
const words = fc.constantFrom(
  "function",
  "custom",
  "namespace",
  "mcp",
  "web_search",
  "additional_tools",
  "reasoning",
);
const memberNames =
  "type name tools function custom id model role content delta server_label usage choices response item output prompt_tokens input_tokens error";
const memberName = fc.constantFrom(...memberNames.split(" "));
const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(words, fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(memberName, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

/** Tools as they are mostly written, and nearly so. */
const tool: fc.Arbitrary<JsonObject> = fc.letrec<{ tool: JsonObject }>((tie) => ({
  tool: fc.record(
    {
      type: words,
      name: fc.constantFrom("a", "b", "c"),
      server_label: fc.constantFrom("d", "e"),
      tools: fc.array(tie("tool"), { maxLength: 2, depthIdentifier: "tools" }),
      function: fc.record({ name: fc.constantFrom("f", "g") }),
    },
    { requiredKeys: ["type", "name", "server_label"], noNullPrototype: true },
  ),
})).tool;
const tools: fc.Arbitrary<JsonValue> = fc.array(tool, { maxLength: 3 });

function refusedOr<Result>(run: () => Result): Result | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal && error.code === "WEIR_FIELD_INVALID") return null;
    throw error;
  }
}

describe("any request", () => {
  test.each(json)(
    "is described or refused, and what policy saw can be stripped: %s",
    (_id, operation) => {
      const members = operation.governedMembers.filter((member) => member !== "model");
      const body: fc.Arbitrary<JsonObject> = fc
        .dictionary(fc.constantFrom("other", ...members), fc.oneof(value, tools), {
          maxKeys: 2,
          noNullPrototype: true,
        })
        .map((given) => Object.assign({ model: "m" }, given));
      fc.assert(
        fc.property(body, fc.integer({ min: 1, max: 100 }), (given, cap) => {
          const facts = refusedOr(() => operation.describe(given));
          if (facts === null) return;
          expect(facts.maxTokens ?? 0).toBeGreaterThanOrEqual(0);
          operation.meteringEdits(given);
          const edits = [
            ...operation.capMaxTokens(given, cap),
            ...operation.stripTools(given, new Set(facts.toolNames)),
          ];
          const edited = JSON.parse(
            editMembers(Buffer.from(JSON.stringify(given)), edits).toString(),
          );
          expect(operation.describe(edited).toolNames).toEqual([]);
        }),
        { numRuns: 500, seed: 3 },
      );
    },
  );

  test.each(forms)("as a form is described or refused: %s", (_id, operation) => {
    const fields = fc.dictionary(fc.constantFrom(...operation.governedFields), fc.string());
    fc.assert(
      fc.property(fields, (given) => {
        refusedOr(() => operation.describe(new Map(Object.entries(given))));
      }),
      { seed: 3 },
    );
    expect(refusedOr(() => operation.describe(new Map()))).toBeNull();
  });
});

describe("any answer", () => {
  test.each([...json, ...forms])(
    "is read without harm, whole or streamed: %s",
    (_id, operation) => {
      const event = fc.record({ type: fc.string(), choices: value, response: value, item: value });
      const data = fc.oneof(
        fc.string(),
        value.map((each) => JSON.stringify(each)),
        event.map((each) => JSON.stringify(each)),
      );
      fc.assert(
        fc.property(value, fc.array(data), (body, frames) => {
          const { tokens } = operation.meterJson(body);
          for (const count of Object.values(tokens ?? {})) expect(count).toBeGreaterThanOrEqual(0);
          const meter = operation.streamMeter({ stripUsageFrame: true });
          for (const frame of frames) meter.frame(Buffer.from(`data: ${frame}\n\n`));
          for (const count of Object.values(meter.facts().tokens ?? {})) {
            expect(count).toBeGreaterThanOrEqual(0);
          }
        }),
        { numRuns: 200, seed: 3 },
      );
    },
  );
});
