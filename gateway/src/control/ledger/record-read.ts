import { Type } from "typebox";
import { v7 as uuidv7 } from "uuid";
import type { AccessEvent } from "../../contracts/audit-event.ts";
import type { LedgerHost } from "./host.ts";

/** Why somebody reads what is others', in their words: not blank, at most 500 characters. */
export const Purpose = Type.String({ minLength: 1, maxLength: 500, pattern: "\\S" });

/**
 * Puts on record who asks for whose rows, and why; only then may they be handed out.
 * `question` says which rows, and holds nothing of what stands in them.
 * @throws ControlError WEIR_AUDIT_UNAVAILABLE: they must not be handed out.
 */
export async function recordRead(
  { context, recordAccess }: Pick<LedgerHost, "context" | "recordAccess">,
  read: Pick<AccessEvent, "personId" | "resource" | "purpose">,
  question: object,
): Promise<void> {
  const atMs = context.now();
  await recordAccess({
    id: uuidv7({ msecs: atMs, random: context.randomBytes(16) }),
    atMs,
    actor: context.actor,
    ...read,
    question: JSON.stringify(question),
  });
}
