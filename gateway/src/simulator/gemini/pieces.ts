import { tokensOf, type Answer, type Block } from "../answer.ts";
import { isJsonObject } from "../json-value.ts";
import type { GeminiRequest } from "./read.ts";

/** A part of the answer as one chunk sends it, and what it is billed at. */
export interface Piece {
  readonly part: object;
  readonly visible: number;
  readonly reasoning: number;
}

const thoughtSignature = "c2ltdWxhdG9y";

/** The answer's parts; thoughts that are not to be told are billed with the first of the others. */
export function piecesOf(request: GeminiRequest, answer: Answer): readonly Piece[] {
  const pieces = answer.blocks.flatMap((block) => blockPieces(block, request));
  const told = pieces.reduce((sum, { reasoning }) => sum + reasoning, 0);
  const hidden = thoughtsIn(answer) - told;
  const [first, ...rest] = pieces;
  if (hidden === 0) return pieces;
  return first === undefined
    ? [{ part: { text: "" }, visible: 0, reasoning: hidden }]
    : [{ ...first, reasoning: first.reasoning + hidden }, ...rest];
}

function thoughtsIn({ blocks }: Answer): number {
  return blocks
    .filter(({ kind }) => kind === "thinking")
    .reduce((sum, block) => sum + tokensOf(block), 0);
}

function blockPieces(block: Block, { showsThoughts, behaviour }: GeminiRequest): readonly Piece[] {
  switch (block.kind) {
    case "thinking":
      return showsThoughts
        ? block.pieces.map((text) => ({
            part: { text, thought: true },
            visible: 0,
            reasoning: 1,
          }))
        : [];
    case "tool": {
      const functionCall = { id: block.id, name: block.name, args: parsed(block.pieces.join("")) };
      const part = behaviour.reasoning ? { functionCall, thoughtSignature } : { functionCall };
      return [{ part, visible: tokensOf(block), reasoning: 0 }];
    }
    default:
      return block.pieces.map((text) => ({ part: { text }, visible: 1, reasoning: 0 }));
  }
}

// Arguments that the limit on tokens cut short do not parse.
function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
