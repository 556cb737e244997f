import type { Readable } from "node:stream";
import type { JsonOperation } from "./dialects/dialect.ts";
import type { JsonObject } from "./dialects/json-body.ts";
import type { OpenForm } from "./receive/read-form.ts";
import type { Target } from "./route/target.ts";

/** What is to be sent, as far as the decision does not change it. */
export type Payload =
  | {
      readonly kind: "json";
      readonly operation: JsonOperation;
      /** Decoded, otherwise as the client sent it. */
      readonly bytes: Buffer;
      readonly body: JsonObject;
    }
  | { readonly kind: "form"; readonly form: OpenForm; readonly model: string }
  | { readonly kind: "opaque"; readonly method: string; readonly body: Readable | null };

/** A call of which everything is known but whether it may go on. */
export interface PreparedCall {
  readonly payload: Payload;
  /** Where it may go, in the order in which to try. */
  readonly targets: readonly Target[];
  readonly denialStyle: "error" | "soft";
}
