import { behaviourOf } from "../behaviour.ts";
import { objectsIn } from "../json-value.ts";
import { openaiWire } from "../openai/format.ts";
import { framing, wholeReply } from "../reply.ts";
import { BadRequest, digestOf } from "../request.ts";
import { textOf } from "../text.ts";
import { noTokens } from "../token-sum.ts";

const categories = [
  "harassment",
  "harassment/threatening",
  "hate",
  "hate/threatening",
  "illicit",
  "illicit/violent",
  "self-harm",
  "self-harm/instructions",
  "self-harm/intent",
  "sexual",
  "sexual/minors",
  "violence",
  "violence/graphic",
];

/** Moderations, which cost nothing. A text is flagged for each category that it names. */
export const moderationsWire = openaiWire("openai-moderations", (received) => {
  const { json } = received;
  const model = typeof json["model"] === "string" ? json["model"] : "omni-moderation-latest";
  const texts = textsOf(json["input"]);
  const digest = digestOf(received);
  return {
    digest,
    model,
    behaviour: behaviourOf(model),
    stream: false,
    reply: () => {
      const results = texts.map((text) => resultOf(text));
      return wholeReply(
        framing(JSON.stringify({ id: `modr-${digest}`, model, results })),
        noTokens,
      );
    },
  };
});

// A list of parts is one input, a list of strings is one a string.
function textsOf(input: unknown): readonly string[] {
  if (typeof input === "string") return [input];
  if (!Array.isArray(input)) throw new BadRequest("input must be a string or a list", "input");
  return objectsIn(input).length > 0 ? [textOf(input)] : input.map(String);
}

function resultOf(text: string): object {
  const named = (category: string): boolean => text.includes(category);
  const each = <Value>(value: (category: string) => Value): Record<string, Value> =>
    Object.fromEntries(categories.map((category) => [category, value(category)]));
  return {
    flagged: categories.some((category) => named(category)),
    categories: each(named),
    category_scores: each((category) => (named(category) ? 0.9 : 0.001)),
    category_applied_input_types: each(() => ["text"]),
  };
}
