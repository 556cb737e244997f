import { UnreadableAnswer } from "./translator.ts";

/** What a model gave that was not asked for, and that the client's dialect has no place for. */
export function unsupportedPart(type: string): UnreadableAnswer {
  return new UnreadableAnswer(
    `The provider's answer holds a part (${type}) that cannot be told in the client's dialect.`,
  );
}
