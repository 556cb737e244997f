export type EncodingName = "o200k_base" | "cl100k_base";

// GPT-4 before 4o, GPT-3.5, and the embeddings of their time; with or without `azure/` or a date.
const CL100K =
  /(?:^|[/:])(?:gpt-4(?!o|\.\d)|gpt-3\.5|gpt-35|text-embedding-(?:ada|3)|(?:babbage|davinci)-002)/;

/**
 * The encoding by which a model's tokens are counted. Other makers do not publish theirs: for them
 * o200k_base is an approximation like any other, which is why estimates are marked.
 */
export function encodingOfModel(model: string): EncodingName {
  return CL100K.test(model) ? "cl100k_base" : "o200k_base";
}
