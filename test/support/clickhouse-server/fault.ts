/** What goes wrong. All but `refuse` can be limited to some statements and to some times. */
export type FaultKind =
  /** Nobody listens: connections are refused, those that are open are cut. */
  | { readonly kind: "refuse" }
  /** Takes the request and never answers, nor executes it. */
  | { readonly kind: "silent" }
  /** Executes and answers `delayMs` later. */
  | { readonly kind: "delay"; readonly delayMs: number }
  /** An exception before anything is executed; default TOO_MANY_PARTS, 500. */
  | { readonly kind: "fail-before"; readonly status?: number; readonly exception?: string }
  /** Executes, then cuts the connection without an answer. */
  | { readonly kind: "drop-after-commit" }
  /** Executes, then answers with an error of a proxy in between (no ClickHouse exception). */
  | { readonly kind: "error-after-commit"; readonly status?: number }
  /** Executes, then dies as by kill -9, before the answer. */
  | { readonly kind: "die-after-commit" }
  /** Dies as by kill -9 while the statement executes. */
  | { readonly kind: "die-during" }
  /** 200, half of the result, then the connection is cut. */
  | { readonly kind: "break-off" }
  /** 200, half of the result, then an exception the way servers since 25.11 write one. */
  | { readonly kind: "exception-in-stream" }
  /** The engine's own refusal for want of memory. */
  | { readonly kind: "memory-limit" }
  /** The engine's own refusal to write: a user with `readonly = 1`. */
  | { readonly kind: "read-only" };

export type Fault = FaultKind & {
  /** Regular expression on the SQL, without regard to case; absent = every statement. */
  readonly match?: string;
  /** So many matching requests are struck; absent = all. */
  readonly times?: number;
};
