import type { StopKind } from "../../contracts/stop.ts";
import { ControlError } from "../errors.ts";
import type { StoreTransaction } from "../store/open-store.ts";

const agent = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,126}(\/[A-Za-z0-9][A-Za-z0-9._@-]{0,126})?$/;
// Printable ASCII and no space: it stands in terminals and logs.
const plain = /^[\x21-\x7e]{1,256}$/;

interface Asked {
  readonly kind: StopKind;
  readonly target: string;
  readonly ownerId?: string;
}

/**
 * What is really stopped: a key's line in place of one of its secrets. Of agents, sessions and
 * tools control knows no list, so any name is taken; a person or a key that is mistyped is told,
 * since whoever stops the wrong one believes the danger over.
 *
 * @throws {ControlError} WEIR_INVALID_REQUEST, WEIR_STOP_TARGET_NOT_FOUND
 */
export async function resolveTarget(transaction: StoreTransaction, asked: Asked): Promise<string> {
  const { kind, target, ownerId } = asked;
  switch (kind) {
    case "all":
      if (target !== "") throw invalid("Stopping everything takes no name.");
      return "";
    case "person":
      return personOf(transaction, target);
    case "key":
      return lineOf(transaction, target, ownerId);
    case "agent":
      if (!agent.test(target)) throw invalid("Name an agent as ada/triage, ci or triage.");
      return target;
    default:
      if (!plain.test(target)) throw invalid(`Name the ${kind} in up to 256 ASCII characters.`);
      return target;
  }
}

async function personOf(transaction: StoreTransaction, personId: string): Promise<string> {
  const row = await transaction
    .selectFrom("people")
    .select("id")
    .where("id", "=", personId)
    .executeTakeFirst();
  if (row === undefined) throw notFound("There is no person of that id.");
  return row.id;
}

async function lineOf(
  transaction: StoreTransaction,
  keyId: string,
  ownerId: string | undefined,
): Promise<string> {
  // Ids of what acts without a key of Weir's, as the ledger has them.
  if (ownerId === undefined && /^(?:token|grant):/.test(keyId)) return keyId;
  const row = await transaction
    .selectFrom("keys")
    .select(["lineageId", "personId"])
    .where((or) => or.or([or("id", "=", keyId), or("lineageId", "=", keyId)]))
    .executeTakeFirst();
  const isVisible = ownerId === undefined || row?.personId === ownerId;
  // Errors land in terminals and logs: whoever pastes the key itself must not find it there.
  if (row === undefined || !isVisible)
    throw notFound("There is no key of that id. List the keys to see their ids.");
  return row.lineageId;
}

function invalid(detail: string): ControlError {
  return new ControlError("WEIR_INVALID_REQUEST", detail);
}

function notFound(detail: string): ControlError {
  return new ControlError("WEIR_STOP_TARGET_NOT_FOUND", detail);
}
