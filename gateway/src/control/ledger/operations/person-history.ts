import { Type } from "typebox";
import { BelongingList } from "../../../contracts/api/belonging.ts";
import { readHistory } from "../../directory/read-history.ts";
import { ControlError } from "../../errors.ts";
import { defineOperation } from "../operation.ts";
import { Purpose, recordRead } from "../record-read.ts";

/** `weir person history`: kept in the control store, and on record in the ledger. */
export const personHistoryOperation = defineOperation({
  name: "person-history",
  summary: "The teams, managers and cost centres that a person has had; on record",
  permission: "ledger:read",
  view: { shows: "rows", resource: "directory.history" },
  request: Type.Object(
    { personId: Type.String({ minLength: 1, maxLength: 256 }), purpose: Purpose },
    { additionalProperties: false },
  ),
  step: BelongingList,
  async *run(host, { personId, purpose }) {
    const read = { personId, resource: "directory.history", resourceId: personId, purpose };
    await recordRead(host, read, { personId });
    const belongings = await readHistory(host.context.store, personId);
    if (belongings.length === 0)
      throw new ControlError("WEIR_PERSON_NOT_FOUND", `There is no history of "${personId}".`);
    yield { belongings };
  },
});
