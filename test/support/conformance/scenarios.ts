import { expect } from "vitest";
import type { Answer, ConversationClient, JsonSchema, OfferedTool, Turn } from "./client.ts";
import type { Connection } from "./connection.ts";
import type { Observed } from "./observe.ts";

/** Something that a client does, to be done directly and through Weir. */
export interface Scenario {
  readonly name: string;
  readonly only?: "streamed" | "whole";
  /** What a client may lawfully have made of it differs from run to run: only its kind is compared. */
  readonly isTimed?: true;
  readonly play: (ask: Asks, client: ConversationClient) => Promise<readonly Answer[]>;
  /** That the direct run was what the scenario says. */
  readonly proves: (direct: Observed<readonly Answer[]>, client: ConversationClient) => void;
}

/** Asks the client under test; what a scenario does not say has its default. */
export type Asks = (turn: Partial<Turn> & Pick<Turn, "model">) => Promise<Answer>;

export function asksOf(
  client: ConversationClient,
  connection: Connection,
  streamed: boolean,
): Asks {
  return (turn) => client.ask(connection, { streamed, text: "what is the weather", ...turn });
}

const schema: JsonSchema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const tools: readonly OfferedTool[] = ["weather", "clock"].map((name) => ({
  name,
  description: `Tells the ${name} of a city`,
  parameters: schema,
}));
/** One transparent pixel. */
const imageBase64 =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

const answered = "This is Weir's simulator. Your last message has 19 characters.";

export const scenarios: readonly Scenario[] = [
  {
    name: "text",
    play: async (ask) => [await ask({ model: "sim-echo" })],
    proves: ({ result }) => expect(result?.[0]?.text).toBe(answered),
  },
  {
    name: "text of characters that take up to four bytes",
    play: async (ask) => [await ask({ model: "sim-utf8" })],
    proves: ({ result }) => expect(result?.[0]?.text).toContain("größer, 水門, 🌊"),
  },
  {
    name: "a long text",
    play: async (ask) => [await ask({ model: "sim-long-300" })],
    proves: ({ result }) => expect(result?.[0]?.text).toMatch(/^1 2 3 .* 299 300 ?$/),
  },
  {
    name: "usage with cached and reasoning tokens",
    play: async (ask) => [await ask({ model: "sim-cached-reasoning", wantsUsage: true })],
    proves: ({ shown, bills }, client) => {
      const { cacheRead = 0, outputReasoning = 0, outputVisible = 0 } = bills[0]?.reported ?? {};
      expect(cacheRead).toBe(1000);
      expect(outputReasoning).toBeGreaterThan(20);
      const numbers = new Set(numbersIn(shown));
      expect(numbers).toContain(cacheRead);
      // Not every client shows them apart from the rest of the output.
      const shows = [outputReasoning, outputReasoning + outputVisible].some((n) => numbers.has(n));
      expect(shows || client.hidesReasoning).toBe(true);
    },
  },
  ...[1, 2].map(toolRoundTrip),
  {
    name: "an image",
    play: async (ask) => [await ask({ model: "sim-echo", imageBase64 })],
    proves: ({ bills }) => expect(bills[0]?.billed?.inputUncached).toBeGreaterThan(85),
  },
  {
    name: "structured output",
    play: async (ask) => [await ask({ model: "sim-tools", schema })],
    proves: ({ result }) =>
      expect(JSON.parse(result?.[0]?.text ?? "")).toEqual({ city: "simulator" }),
  },
  ...[400, 404, 429, 500].map(refusal),
  {
    name: "a second try after status 503",
    only: "whole",
    // The simulator tells requests apart by what they hold.
    play: async (ask, { name }) => [
      await ask({ model: "sim-flaky-1-retryafter-0", retries: 1, text: name }),
    ],
    proves: ({ answers }) => expect(answers.map(({ status }) => status)).toEqual([503, 200]),
  },
  {
    name: "an error in the middle of a stream",
    only: "streamed",
    play: async (ask) => [await ask({ model: "sim-long-9-fail-3" })],
    proves: ({ bills }) => expect(bills[0]?.end).toBe("error_event"),
  },
  {
    name: "an abort in the middle of a stream",
    only: "streamed",
    isTimed: true,
    play: async (ask) => {
      const leaving = new AbortController();
      const onPiece = () => leaving.abort();
      return [await ask({ model: "sim-long-500-slow-20", signal: leaving.signal, onPiece })];
    },
    proves: ({ bills }) => expect(bills.map(({ end }) => end)).toEqual(["client_abort"]),
  },
];

/** All models that the scenarios ask. */
export const modelsAsked: readonly string[] = [
  "sim-echo",
  "sim-utf8",
  "sim-long-300",
  "sim-cached-reasoning",
  "sim-tools",
  "sim-tools-1-reasoning",
  "sim-tools-2-reasoning",
  "sim-flaky-1-retryafter-0",
  "sim-long-9-fail-3",
  "sim-long-500-slow-20",
  ...[400, 404, 429, 500].map((status) => `sim-error-${status}-retryafter-7`),
];

function toolRoundTrip(count: number): Scenario {
  const offered = tools.slice(0, count);
  return {
    name: `a round trip of ${count === 1 ? "one tool call" : "parallel tool calls"}`,
    play: async (ask) => {
      const first = await ask({ model: `sim-tools-${count}-reasoning`, tools });
      return [first, await first.goOn("sunny")];
    },
    proves: ({ result, bills }) => {
      const [first, second] = result ?? [];
      expect(first?.calls).toEqual(
        offered.map(({ name }) => ({ name, arguments: { city: "simulator" } })),
      );
      expect(second?.text).toContain("This is Weir's simulator. The tool answered with");
      expect(bills.map(({ toolCalls }) => toolCalls)).toEqual([count, 0]);
    },
  };
}

function refusal(status: number): Scenario {
  return {
    name: `status ${status}`,
    play: async (ask) => [await ask({ model: `sim-error-${status}-retryafter-7` })],
    proves: ({ failed, shown, answers }) => {
      expect(failed).toBe(true);
      expect(JSON.stringify(shown)).toContain(`was asked for status ${status}`);
      expect(answers.map((answer) => answer.status)).toEqual([status]);
      if (status === 429) expect(answers[0]?.headers["retry-after"]).toBe("7");
    },
  };
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}
