import { Type } from "typebox";
import { readContentHead, readSealed } from "../../../ledger/content/read-content.ts";
import { ControlError } from "../../errors.ts";
import { defineOperation } from "../operation.ts";
import { Purpose, recordRead } from "../record-read.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });

/** `weir content show`: what comes back is sealed; only the holder of the identity can open it. */
export const contentShowOperation = defineOperation({
  name: "content-show",
  summary: "What was said in a call, sealed, where that is kept; on record",
  permission: "content:read",
  view: { shows: "rows", resource: "content" },
  request: Type.Object(
    {
      callId: Type.String({ minLength: 1, maxLength: 128 }),
      purpose: Purpose,
    },
    strict,
  ),
  step: Type.Object(
    {
      id: Type.String(),
      atMs: Type.Integer(),
      personId: Type.String(),
      teamId: Type.String(),
      dialect: Type.String(),
      requestBytes: count,
      responseBytes: count,
      truncated: Type.Boolean(),
      /** Base64 of an age file. */
      sealed: Type.String(),
    },
    strict,
  ),
  async *run(host, { callId, purpose }) {
    const { client } = host;
    // The call may have ended a moment ago.
    await host.shipNow();
    const head = await readContentHead(client, callId);
    if (head === null) throw notKept();
    const read = { personId: head.personId, resource: "content", resourceId: callId, purpose };
    await recordRead(host, read, { callId });
    const sealed = await readSealed(client, callId);
    if (sealed === null) throw notKept();
    yield { ...head, sealed };
  },
});

function notKept(): ControlError {
  return new ControlError(
    "WEIR_NOT_FOUND",
    "Nothing is kept of what was said in that call: see `ledger.content` in weir.yaml, and how long " +
      "its `retentionDays` are.",
  );
}
