import { Type } from "typebox";
import { v7 as uuidv7 } from "uuid";
import type { AccessEvent } from "../../contracts/audit-event.ts";
import { ControlError } from "../errors.ts";
import type { View } from "../views/view.ts";
import type { LedgerHost } from "./host.ts";

/** Why somebody reads what is others', in their words: not blank, at most 500 characters. */
export const Purpose = Type.String({ minLength: 1, maxLength: 500, pattern: "\\S" });

/** Who asks, whom to ask whether they may, and where that is put on record. */
export type ViewDesk = Pick<LedgerHost, "context" | "recordAccess" | "decideView">;

type Read = Pick<AccessEvent, "personId" | "resource" | "purpose"> & {
  /** Of the one thing that is read; left out = more than one. */
  readonly resourceId?: string;
};

/**
 * The one way to others' rows: asks policy, and puts on record who reads whose, and why; only then
 * may they be handed out. `question` says which rows, and holds nothing of what stands in them.
 * A denial is on record too, with the suffix `.denied`.
 * @throws ControlError WEIR_VIEW_DENIED, WEIR_AUDIT_UNAVAILABLE: they must not be handed out.
 */
export async function recordRead(desk: ViewDesk, read: Read, question: object): Promise<void> {
  await assertAllowed(desk, read, question);
  await record(desk, read, question);
}

/**
 * Asks policy about figures and states that name nobody. These need no purpose and no record.
 * @throws ControlError WEIR_VIEW_DENIED, WEIR_AUDIT_UNAVAILABLE: they must not be handed out.
 */
export async function assertFigures(desk: ViewDesk, { shows, resource }: View): Promise<void> {
  if (shows !== "figures") return;
  await assertAllowed(desk, { personId: "", resource, purpose: "" }, {});
}

async function assertAllowed(desk: ViewDesk, read: Read, question: object): Promise<void> {
  const { resourceId = "", personId, resource, purpose } = read;
  const asked = { resource, resourceId, personId, purpose };
  const { isAllowed, ruleIds, message } = await desk.decideView(desk.context.actor, asked);
  if (isAllowed) return;
  const denied = { ...question, deniedBy: ruleIds };
  await record(desk, { ...read, resource: `${resource}.denied` }, denied);
  throw new ControlError("WEIR_VIEW_DENIED", message);
}

async function record(
  { context, recordAccess }: ViewDesk,
  { personId, resource, purpose }: Read,
  question: object,
): Promise<void> {
  const atMs = context.now();
  await recordAccess({
    id: uuidv7({ msecs: atMs, random: context.randomBytes(16) }),
    atMs,
    actor: context.actor,
    personId,
    resource,
    purpose,
    question: JSON.stringify(question),
  });
}
