/** What a load client is to do, and what it tells: one JSON document each way. */
export interface LoadJob {
  readonly port: number;
  /** The whole request, head and body, as it goes over the wire. */
  readonly request: string;
  readonly seconds: number;
  /** Samples from the first so many seconds are left out. */
  readonly warmUpSeconds: number;
  /** Requests a second, sent on schedule whether or not replies come; null = as fast as replies do. */
  readonly ratePerSecond: number | null;
  readonly connections: number;
  /** Time is taken at the reply's end, or at the first event that brings content. */
  readonly measure: "end" | "first_token";
}

export interface LoadResult {
  /** Counted from when a request was due, so that a stall shows in every request it held up. */
  readonly latenciesMs: readonly number[];
  readonly completed: number;
  readonly seconds: number;
}
