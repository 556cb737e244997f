/** The thread that counts tokens: one request at a time, one answer to each. */
import { parentPort } from "node:worker_threads";
import { loadCounter } from "./count-tokens.ts";
import type { EncodingName } from "./encoding-of-model.ts";

export interface CountRequest {
  readonly encoding: EncodingName;
  /** Slices of each text. */
  readonly texts: readonly (readonly string[])[];
}

/** Tokens of each text's slices. */
export type CountAnswer = readonly number[];

parentPort?.on("message", (request: CountRequest) => {
  void answer(request);
});

// What it throws ends the thread, which is how the other side learns of it.
async function answer({ encoding, texts }: CountRequest): Promise<void> {
  const count = await loadCounter(encoding);
  const sums: CountAnswer = texts.map((slices) =>
    slices.reduce((sum, slice) => sum + count(slice), 0),
  );
  parentPort?.postMessage(sums);
}
