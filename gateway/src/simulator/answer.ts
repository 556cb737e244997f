import type { OfferedTool, SimulatorRequest } from "./request.ts";
import { isShellTool, shellArguments } from "./shell-tool.ts";
import { fittingValue, toolArguments } from "./tool-arguments.ts";

/** A part of the answer, cut into the pieces a stream sends. Each piece is billed as one token. */
export type Block =
  | { readonly kind: "thinking" | "text"; readonly pieces: readonly string[] }
  /** Besides its pieces, the name of a called tool is billed as one token. */
  | {
      readonly kind: "tool";
      readonly id: string;
      readonly name: string;
      readonly pieces: readonly string[];
      readonly tool: OfferedTool;
    };

export interface Answer {
  readonly blocks: readonly Block[];
  readonly finish: "stop" | "tool" | "length";
}

const bytesPerPiece = 1024;
const argumentCharactersPerPiece = 7;
const freeTextInput = "echo simulator";
const thought =
  "The simulator does not think, but it counts these words as if it had, so that reasoning tokens can be told from visible ones.";

// Two, three and four bytes a character in UTF-8: a packet border may cut each of them.
const unicodeText = "Weir’s simulator – größer, 水門, 🌊 and 🏞️.";

/** What the simulator answers: a function of the request alone. */
export function answerTo(request: SimulatorRequest): Answer {
  const blocks: Block[] = [];
  if (request.behaviour.reasoning) blocks.push({ kind: "thinking", pieces: intoWords(thought) });
  const calls = toolCalls(request);
  if (calls.length > 0) blocks.push(...calls);
  else blocks.push({ kind: "text", pieces: textPieces(request) });
  const finish = calls.length > 0 ? "tool" : "stop";
  // A reply of an exact size keeps it: tests that ask for one say nothing about tokens.
  if (request.maxTokens === null || request.behaviour.contentBytes > 0) return { blocks, finish };
  return withinTokens({ blocks, finish }, request.maxTokens);
}

/** Tokens that a block is billed at. */
export function tokensOf(block: Block): number {
  return block.pieces.length + (block.kind === "tool" ? 1 : 0);
}

function withinTokens(answer: Answer, maxTokens: number): Answer {
  const blocks: Block[] = [];
  let left = maxTokens;
  for (const block of answer.blocks) {
    const tokens = tokensOf(block);
    if (tokens <= left) {
      blocks.push(block);
      left -= tokens;
      continue;
    }
    const pieces = block.pieces.slice(0, left - (tokens - block.pieces.length));
    if (left > 0) blocks.push({ ...block, pieces });
    return { blocks, finish: "length" };
  }
  return answer;
}

function toolCalls(request: SimulatorRequest): Block[] {
  const { behaviour, tools, toolChoice } = request;
  if (request.toolResultCharacters !== null || toolChoice === null) return [];
  const chosen = tools.filter(
    ({ name }) =>
      (toolChoice === "" || name === toolChoice) && (!behaviour.shell || isShellTool(name)),
  );
  const fit = behaviour.shell ? shellArguments : toolArguments;
  return chosen.slice(0, behaviour.toolCalls).map((tool, index) => {
    const { name, schema, takesText } = tool;
    const input = takesText ? freeTextInput : JSON.stringify(fit(schema));
    return {
      kind: "tool",
      id: `${request.digest}${index}`,
      name,
      pieces: intoPieces(input, argumentCharactersPerPiece),
      tool,
    };
  });
}

function textPieces(request: SimulatorRequest): readonly string[] {
  const { contentBytes, longChunks } = request.behaviour;
  if (contentBytes > 0)
    return intoPieces("weir ".repeat(contentBytes / 5 + 1).slice(0, contentBytes), bytesPerPiece);
  if (longChunks > 0) return Array.from({ length: longChunks }, (_, index) => `${index + 1} `);
  if (request.outputSchema) {
    const fitting = JSON.stringify(fittingValue(request.outputSchema));
    return intoPieces(fitting, argumentCharactersPerPiece);
  }
  if (request.behaviour.utf8) return intoWords(unicodeText);
  return intoWords(
    request.toolResultCharacters === null
      ? `This is Weir's simulator. Your last message has ${request.lastUserCharacters} characters.`
      : `This is Weir's simulator. The tool answered with ${request.toolResultCharacters} characters.`,
  );
}

function intoWords(text: string): readonly string[] {
  return text.split(/(?= )/);
}

function intoPieces(text: string, size: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}
