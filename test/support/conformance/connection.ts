/** Where a client calls. */
export interface Connection {
  /** Without a path: a client adds the `/v1` that its own documentation says. */
  readonly origin: string;
  readonly key: string;
}
