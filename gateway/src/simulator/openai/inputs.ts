import { BadRequest } from "../request.ts";
import { countWords } from "../text.ts";

/** One text to work on: words, or tokens that the client has made itself. */
export interface Input {
  readonly tokens: number;
  /** What the text is told apart by. */
  readonly text: string;
}

/**
 * Reads a member that holds a text, a list of tokens, or a list of either.
 * @throws {BadRequest} when it holds something else.
 */
export function readInputs(value: unknown, name: string): readonly Input[] {
  if (typeof value === "string") return [textInput(value)];
  if (isTokens(value)) return [tokensInput(value)];
  if (!Array.isArray(value)) throw new BadRequest(`${name} must be a string or a list`, name);
  return value.map((item: unknown) => {
    if (typeof item === "string") return textInput(item);
    if (isTokens(item)) return tokensInput(item);
    throw new BadRequest(`${name} must hold strings or lists of tokens`, name);
  });
}

function textInput(text: string): Input {
  return { tokens: countWords(text), text };
}

function tokensInput(tokens: readonly number[]): Input {
  return { tokens: tokens.length, text: tokens.join(" ") };
}

function isTokens(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number")
  );
}
