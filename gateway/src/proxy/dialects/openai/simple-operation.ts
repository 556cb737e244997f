import { callFacts } from "../call-facts.ts";
import type { JsonOperation } from "../dialect.ts";
import { modelField, shortText } from "../fields.ts";
import { unreadStream } from "./unread-stream.ts";

type Told = Pick<JsonOperation, "id" | "dialect" | "upstreamPath" | "meterJson"> &
  Partial<JsonOperation>;

/** A call of a model without tools, output cap or stream, apart from what is told otherwise. */
export function simpleOperation(told: Told): JsonOperation {
  return {
    kind: "json",
    metered: true,
    auxiliary: false,
    free: false,
    governedMembers: ["model"],
    streamsJsonArray: false,
    describe: (body) =>
      callFacts({ model: modelField(body), assertedUserId: shortText(body["user"]) }),
    meteringEdits: () => ({ edits: [], stripUsageFrame: false }),
    capMaxTokens: () => [],
    setModel: (model) => [{ member: "model", json: JSON.stringify(model) }],
    stripTools: () => [],
    streamMeter: unreadStream,
    softDenial: () => null,
    ...told,
  };
}
