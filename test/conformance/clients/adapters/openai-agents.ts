import {
  Agent,
  type AgentInputItem,
  type AgentOutputType,
  OpenAIResponsesModel,
  type RunResult,
  Runner,
  type RunState,
  type StreamedRunResult,
  tool,
} from "@openai/agents";
import OpenAI from "openai";
import type { Answer, ConversationClient, Turn } from "../../../support/conformance/client.ts";

type AnyAgent = Agent<undefined, AgentOutputType>;
type Result = RunResult<undefined, AnyAgent> | StreamedRunResult<undefined, AnyAgent>;
type Input = AgentInputItem[] | RunState<undefined, AnyAgent>;
interface Conversation {
  readonly runner: Runner;
  readonly agent: AnyAgent;
  readonly turn: Turn;
  /** What the tools give, once they are approved. */
  readonly results: { text: string };
}

/** OpenAI's Agents over Responses. Tools wait for approval, so that their results are the test's. */
export const openaiAgents: ConversationClient = {
  name: "@openai/agents: responses",
  ask: async ({ origin, key }, turn) => {
    const maxRetries = turn.retries ?? 0;
    const openai = new OpenAI({ baseURL: `${origin}/v1`, apiKey: key, maxRetries });
    const results = { text: "" };
    const agent: AnyAgent = new Agent<undefined, AgentOutputType>({
      name: "tester",
      instructions: "Answer briefly.",
      model: new OpenAIResponsesModel(openai, turn.model),
      tools: toolsOf(turn, results),
      outputType: outputOf(turn) ?? "text",
    });
    // Traces would go to OpenAI itself, past any gateway.
    const runner = new Runner({ tracingDisabled: true });
    return converse({ runner, agent, turn, results }, inputOf(turn));
  },
};

async function converse(conversation: Conversation, input: Input): Promise<Answer> {
  const { result, events } = await ran(conversation, input);
  const { interruptions, rawResponses, state } = result;
  const isOver = interruptions.length === 0 && conversation.turn.signal?.aborted !== true;
  const finalOutput: unknown = isOver ? result.finalOutput : undefined;
  const calls = interruptions.flatMap(({ rawItem }) =>
    rawItem.type === "function_call" ? [rawItem] : [],
  );
  return {
    seen: { finalOutput, rawResponses, events },
    text: typeof finalOutput === "string" ? finalOutput : JSON.stringify(finalOutput ?? ""),
    calls: calls.map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) })),
    goOn: async (text) => {
      conversation.results.text = text;
      for (const interruption of interruptions) state.approve(interruption);
      return converse(conversation, state);
    },
  };
}

async function ran({ runner, agent, turn }: Conversation, input: Input) {
  const options = turn.signal === undefined ? {} : { signal: turn.signal };
  const events: unknown[] = [];
  if (!turn.streamed) {
    const result: Result = await runner.run(agent, input, options);
    return { result, events };
  }
  const result = await runner.run(agent, input, { ...options, stream: true });
  for await (const event of result) {
    if (event.type !== "raw_model_stream_event") continue;
    events.push(event.data);
    if (event.data.type === "output_text_delta") turn.onPiece?.();
  }
  await result.completed;
  return { result, events };
}

function toolsOf({ tools = [] }: Turn, results: Conversation["results"]) {
  return tools.map(({ name, description, parameters }) =>
    tool({
      name,
      description,
      parameters: { ...parameters, properties: { ...parameters.properties } },
      strict: true,
      needsApproval: true,
      execute: () => results.text,
    }),
  );
}

function outputOf({ schema }: Turn) {
  if (schema === undefined) return undefined;
  const { properties, ...rest } = schema;
  return {
    type: "json_schema" as const,
    name: "answer",
    strict: true,
    schema: { ...rest, properties: { ...properties } },
  };
}

function inputOf({ text, imageBase64 }: Turn): AgentInputItem[] {
  const said = { type: "input_text" as const, text };
  if (imageBase64 === undefined) return [{ role: "user", content: [said] }];
  const image = `data:image/png;base64,${imageBase64}`;
  return [{ role: "user", content: [said, { type: "input_image", image }] }];
}
