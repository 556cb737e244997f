import { tokensOf, type Answer, type Block } from "../answer.ts";
import { isJsonObject } from "../json-value.ts";
import type { MessagesRequest } from "./read.ts";

/** A content block, whole and in the events that build it. */
export interface ContentBlock {
  readonly whole: object;
  /** As `content_block_start` has it. */
  readonly empty: object;
  readonly deltas: readonly BilledDelta[];
  /** What goes out with the start of the block. */
  readonly startVisible: number;
  readonly startReasoning: number;
}

export interface BilledDelta {
  readonly delta: object;
  readonly visible: number;
  readonly reasoning: number;
}

const thinkingSignature = "c2ltdWxhdG9y";
const encryptedThinking = "c2ltdWxhdG9yIHRoaW5rcyBpbiBzZWNyZXQ=";
const searchResult = {
  type: "web_search_result",
  url: "https://example.com/weir",
  title: "Weir",
  encrypted_content: "c2ltdWxhdG9y",
  page_age: null,
};

/** The answer's content: searches that ran here first, as if the text were built on them. */
export function contentOf(request: MessagesRequest, answer: Answer): readonly ContentBlock[] {
  const searches = Array.from({ length: request.searches }, (_, at) => searchBlocks(request, at));
  return [...searches.flat(), ...answer.blocks.map((block) => contentBlock(block, request))];
}

function searchBlocks({ digest }: MessagesRequest, at: number): readonly ContentBlock[] {
  const id = `srvtoolu_${digest}${at}`;
  const input = { query: `weir ${at + 1}` };
  const call = { type: "server_tool_use", id, name: "web_search" };
  const delta = { type: "input_json_delta", partial_json: JSON.stringify(input) };
  const result = { type: "web_search_tool_result", tool_use_id: id, content: [searchResult] };
  return [
    { ...free({ ...call, input }), empty: { ...call, input: {} }, deltas: [unbilled(delta)] },
    free(result),
  ];
}

/** A block that bills nothing and comes in one piece. */
function free(whole: object): ContentBlock {
  return { whole, empty: whole, deltas: [], startVisible: 0, startReasoning: 0 };
}

function unbilled(delta: object): BilledDelta {
  return { delta, visible: 0, reasoning: 0 };
}

function contentBlock(block: Block, { behaviour }: MessagesRequest): ContentBlock {
  const whole = block.pieces.join("");
  switch (block.kind) {
    case "thinking":
      return behaviour.redacted ? redactedBlock(block) : thinkingBlock(block, whole);
    case "tool": {
      const call = { type: "tool_use", id: `toolu_${block.id}`, name: block.name };
      return {
        ...free({ ...call, input: parsed(whole) }),
        empty: { ...call, input: {} },
        deltas: block.pieces.map((piece) => ({
          delta: { type: "input_json_delta", partial_json: piece },
          visible: 1,
          reasoning: 0,
        })),
        // The name of a called tool is billed as a token, and goes out with the start of its block.
        startVisible: 1,
      };
    }
    default:
      return {
        ...free({ type: "text", text: whole }),
        empty: { type: "text", text: "" },
        deltas: block.pieces.map((text) => ({
          delta: { type: "text_delta", text },
          visible: 1,
          reasoning: 0,
        })),
      };
  }
}

function thinkingBlock({ pieces }: Block, whole: string): ContentBlock {
  const signature = { type: "signature_delta", signature: thinkingSignature };
  return {
    ...free({ type: "thinking", thinking: whole, signature: thinkingSignature }),
    empty: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      ...pieces.map((thinking) => ({
        delta: { type: "thinking_delta", thinking },
        visible: 0,
        reasoning: 1,
      })),
      unbilled(signature),
    ],
  };
}

function redactedBlock(block: Block): ContentBlock {
  const whole = { type: "redacted_thinking", data: encryptedThinking };
  return { ...free(whole), startReasoning: tokensOf(block) };
}

// Arguments that max_tokens cut short do not parse; the API then gives an empty input.
function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
