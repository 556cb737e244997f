import type { JsonObject } from "../json-value.ts";
import type { SimulatorRequest } from "../request.ts";

/** What a Responses request says beyond what all conversations say. */
export interface ResponsesRequest extends SimulatorRequest {
  /** The response's id. */
  readonly id: string;
  /** The body, whose settings a response repeats. */
  readonly body: JsonObject;
  readonly store: boolean;
  readonly background: boolean;
  /** False for a frame that only warms the socket up: it is answered with nothing, and costs nothing. */
  readonly generates: boolean;
  readonly offersSearch: boolean;
  /** Whether reasoning items are to carry what a client without stored responses sends back. */
  readonly encryptedReasoning: boolean;
  readonly summarisesReasoning: boolean;
}
