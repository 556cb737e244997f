import type { GeminiRequest } from "./read.ts";

/** What a candidate tells of the searches it is grounded on; nothing when there were none. */
export function groundingOf({ searches }: GeminiRequest): object {
  if (searches === 0) return {};
  const webSearchQueries = Array.from({ length: searches }, (_, index) => `weir ${index + 1}`);
  const groundingChunks = webSearchQueries.map((title) => ({
    web: { uri: "https://example.com/weir", title },
  }));
  return { groundingMetadata: { webSearchQueries, groundingChunks, groundingSupports: [] } };
}
