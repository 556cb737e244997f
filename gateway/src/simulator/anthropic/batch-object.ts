import type { TokenCounts } from "../../contracts/index.ts";

export interface Result {
  readonly customId: string;
  readonly model: string;
  /** A message, or an error. */
  readonly body: string;
  readonly isError: boolean;
  readonly tokens: TokenCounts;
}

export interface Batch {
  readonly id: string;
  readonly status: "in_progress" | "canceling" | "ended";
  readonly isCancelled: boolean;
  readonly results: readonly Result[];
  /** Of its first request. */
  readonly model: string;
  readonly tokens: TokenCounts;
  readonly bytes: number;
}

const createdAt = "2023-11-14T22:13:20Z";
const expiresAt = "2023-11-15T22:13:20Z";

/** As the API shows a batch; its results are fetched from `host`. */
export function batchObject(batch: Batch, host: string): object {
  const { id, status, results } = batch;
  const hasEnded = status === "ended";
  const errored = results.filter(({ isError }) => isError).length;
  return {
    id,
    type: "message_batch",
    processing_status: status,
    request_counts: {
      processing: hasEnded ? 0 : results.length,
      succeeded: hasEnded ? results.length - errored : 0,
      errored: hasEnded ? errored : 0,
      canceled: 0,
      expired: 0,
    },
    created_at: createdAt,
    expires_at: expiresAt,
    ended_at: hasEnded ? createdAt : null,
    cancel_initiated_at: batch.isCancelled ? createdAt : null,
    archived_at: null,
    results_url: hasEnded ? `http://${host}/v1/messages/batches/${id}/results` : null,
  };
}

/** A line of a batch's results. */
export function resultLine({ customId, body, isError }: Result): string {
  const told: unknown = JSON.parse(body);
  const result = isError ? { type: "errored", error: told } : { type: "succeeded", message: told };
  return JSON.stringify({ custom_id: customId, result });
}
