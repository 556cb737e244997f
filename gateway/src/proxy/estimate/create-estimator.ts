/**
 * Estimates the tokens of a call whose provider never told them. The tokenizer runs in a thread of
 * its own, so that no call waits for another's text; everything that waits for it is bounded.
 */
import { CountQueue } from "./count-queue.ts";
import { encodingOfModel } from "./encoding-of-model.ts";
import { sampleText, type CountedText, type Sample } from "./sample-text.ts";
import { TokenThread, type Counted } from "./token-thread.ts";

export interface EstimateRequest {
  /** Null = the input's tokens are known, or cannot be. */
  readonly input: CountedText | null;
  readonly output: CountedText;
  readonly model: string;
}

export interface Estimate {
  readonly inputTokens: number | null;
  readonly outputTokens: number;
}

/** Why there is or is not an estimate. */
export type EstimateResult = Counted["result"];

export interface EstimatorOptions {
  /** Estimates that may wait, and the memory that their texts may take together. */
  readonly maxWaiting?: number;
  readonly maxWaitingBytes?: number;
  /** Characters of one text that are counted; a longer one is sampled. */
  readonly maxSampleCharacters?: number;
  /** Time to wait for one's turn, and as much again for the counting. */
  readonly timeoutMs?: number;
  /** The thread ends, and gives its memory back, when nothing was asked of it for so long. */
  readonly idleMs?: number;
  /** Module of the thread. */
  readonly threadUrl?: URL;
  readonly onResult?: (result: EstimateResult) => void;
}

export interface Estimator {
  /** Never rejects; null = given up, because of load, time or a tokenizer that failed. */
  estimate(request: EstimateRequest): Promise<Estimate | null>;
  /** Ends the thread. What still waits is given up. */
  close(): Promise<void>;
}

const failed: Counted = { tokens: null, result: "failed" };

/** The thread is started when the first estimate is asked for. */
export function createEstimator(options: EstimatorOptions = {}): Estimator {
  const { maxSampleCharacters = 262_144, timeoutMs = 5_000, idleMs = 300_000 } = options;
  const { maxWaiting = 256, maxWaitingBytes = 16 * 1024 * 1024 } = options;
  const { threadUrl = new URL("./token-worker.ts", import.meta.url) } = options;
  const thread = new TokenThread({ threadUrl, timeoutMs, idleMs });
  const queue = new CountQueue(thread, { maxWaiting, maxWaitingBytes, timeoutMs });
  return {
    async estimate({ input, output, model }) {
      const texts = input === null ? [output] : [output, input];
      const samples = texts.map((text) => sampleText(text, maxSampleCharacters));
      const { tokens, result } = isComplete(samples)
        ? await queue.count(
            { encoding: encodingOfModel(model), texts: samples.map(({ slices }) => slices) },
            samples.reduce((sum, { bytes }) => sum + bytes, 0),
          )
        : failed;
      options.onResult?.(result);
      return tokens === null ? null : estimateOf(tokens, samples);
    },
    async close() {
      queue.close();
      await thread.close();
    },
  };
}

function isComplete(samples: (Sample | null)[]): samples is Sample[] {
  return samples.every((sample) => sample !== null);
}

/** The output comes first; the input only if it was asked for. */
function estimateOf(tokens: readonly number[], samples: readonly (Sample | null)[]): Estimate {
  const [outputTokens = 0, inputTokens = null] = tokens.map((count, at) =>
    Math.round(count * (samples[at]?.scale ?? 1)),
  );
  return { inputTokens, outputTokens };
}
