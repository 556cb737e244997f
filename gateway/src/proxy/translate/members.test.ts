import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { isJsonObject } from "../dialects/json-body.ts";
import { chatTables } from "./chat/members.ts";
import type { Fate, MemberTable } from "./fate.ts";
import { messagesTables, refusedBlocks } from "./messages/members.ts";
import { messagesSamples, messagesValues } from "./testing/messages-samples.ts";
import { chatSamples, chatValues, type Sampled } from "./testing/samples.ts";
import { refusalOf, send, type Operation, type Provider, type Sent } from "./testing/translate.ts";

// The compiler says when the official clients know a member that has no sample, and so no row.
chatValues satisfies Record<keyof OpenAI.ChatCompletionCreateParams, unknown>;
messagesValues satisfies Record<keyof Anthropic.MessageCreateParams, unknown>;
messagesValues satisfies Record<
  Exclude<keyof Anthropic.Beta.MessageCreateParams, "betas">,
  unknown
>;

interface Row {
  operation: Operation;
  target: Provider;
  path: string;
  member: string;
  fate: Fate;
  sample: Sampled;
}

function rowsOf<Target extends Provider>(
  operation: Operation,
  tables: readonly (readonly [string, MemberTable<Target>])[],
  samples: readonly Sampled[],
  targets: readonly Target[],
): Row[] {
  return tables.flatMap(([path, table]) => {
    const sample = samples.find((candidate) => candidate.path === path);
    if (sample === undefined) throw new Error(`no sample for the table '${path}'`);
    return Object.entries(table).flatMap(([member, fates]) =>
      targets.map((target) => ({ operation, target, path, member, fate: fates[target], sample })),
    );
  });
}

const rows = [
  ...rowsOf("chat.completions", chatTables, chatSamples, ["anthropic", "gemini"]),
  ...rowsOf("messages", messagesTables, messagesSamples, ["openai", "gemini"]),
];
const named = rows.map((row) =>
  Object.assign(row, { name: `${row.operation} ${row.path}${row.member}` }),
);

/** Members that change nothing in what is sent: the only value they can have there, or an answer's look. */
const unseen = new Set([
  "type",
  "role",
  "id",
  "tool_call_id",
  "tool_use_id",
  "max_completion_tokens",
  "max_tokens",
  "stream_options",
  "include_usage",
  "context_management",
  "tool_choice",
  "tool_calls",
  "metadata",
]);

function plain({ path, body }: Sent) {
  return { path, body };
}

function sent(row: Row, members: Parameters<Sampled["request"]>[0]) {
  return send(row.operation, row.target, row.sample.request(members)).then(plain);
}

const ofFate = (fate: Fate["fate"]) => named.filter((row) => row.fate.fate === fate);

describe("every member that cannot be carried", () => {
  test.each(ofFate("refused"))("$name to $target is refused by its name", async (row) => {
    const { operation, target, sample, member } = row;
    const value = sample.values[member] ?? null;
    expect(value).not.toBeNull();
    const refusal = await refusalOf(operation, target, sample.request({ [member]: value }));
    expect(refusal?.code).toBe("WEIR_NOT_TRANSLATABLE");
    expect(refusal?.message).toContain(`${member}'`);
    expect(refusal?.message).toMatch(/: .+\.$/);
  });

  test.each(ofFate("refused"))("$name to $target is no harm as null or default", async (row) => {
    if (row.path.includes("input_audio") && row.target === "anthropic") return;
    const without = await sent(row, {});
    const harmless = row.fate.fate === "refused" ? row.fate.harmless : [];
    for (const value of [null, ...harmless]) {
      expect(await sent(row, { [row.member]: value })).toEqual(without);
    }
  });
});

const audioToAnthropic = (row: Row) =>
  row.path.startsWith("content[input_audio]") && row.target === "anthropic";

test.each(ofFate("dropped").filter((row) => !audioToAnthropic(row)))(
  "$name to $target changes nothing in what is sent",
  async (row) => {
    const value = row.sample.values[row.member];
    if (value === undefined) throw new Error("no sample value");
    expect(await sent(row, { [row.member]: value })).toEqual(await sent(row, {}));
  },
);

test.each(ofFate("carried").filter((row) => !audioToAnthropic(row)))(
  "$name to $target is carried",
  async (row) => {
    const value = row.sample.values[row.member];
    if (value === undefined) throw new Error("no sample value");
    const { request } = row.sample;
    const carriedOver = await sent(
      { ...row, sample: { ...row.sample, request: (members) => fitting(request(members), row) } },
      { [row.member]: value },
    );
    if (unseen.has(row.member)) return;
    expect(carriedOver).not.toEqual(await sent(row, {}));
  },
);

/** Makes room for members that exclude another one of the sample. */
function fitting(body: ReturnType<Sampled["request"]>, { member, target }: Row) {
  if (member === "max_completion_tokens") return { ...body, max_tokens: null };
  if (member === "parallel_tool_calls") return { ...body, tools: chatValues.tools };
  if (member === "name" && isJsonObject(body["tool_choice"])) {
    return { ...body, tool_choice: { type: "tool", name: "weather" } };
  }
  if (member === "reasoning_effort") return { ...body, max_tokens: 4_000 };
  if (member === "strict" && target === "anthropic") return { ...body, model: "claude-opus-4-5" };
  return body;
}

test.each(["chat.completions", "messages"] as const)(
  "a member of %s that no table knows is refused, at the top and within",
  async (operation) => {
    const samples = operation === "messages" ? messagesSamples : chatSamples;
    const targets: Provider[] =
      operation === "messages" ? ["openai", "gemini"] : ["anthropic", "gemini"];
    for (const target of targets) {
      for (const sample of samples) {
        const refusal = await refusalOf(operation, target, sample.request({ brand_new: 1 }));
        expect(refusal?.code, sample.path).toBe("WEIR_NOT_TRANSLATABLE");
      }
      const body = { model: "m", messages: [{ role: "user", content: "hi" }], brand_new: 1 };
      const refusal = await refusalOf(operation, target, body);
      expect(refusal?.message).toContain("'brand_new'");
    }
  },
);

test.each(Object.keys(refusedBlocks))(
  "a block of type %s is refused by its place",
  async (type) => {
    for (const role of ["user", "assistant"]) {
      const body = {
        model: "m",
        max_tokens: 5,
        messages: [
          { role: "user", content: "hi" },
          { role, content: [{ type }] },
          { role: "user", content: "go on" },
        ],
      };
      const refusal = await refusalOf("messages", "openai", body);
      expect(refusal?.message).toContain("'messages[1].content[0].type'");
      expect(refusal?.message).toContain(`'${type}'`);
    }
  },
);
