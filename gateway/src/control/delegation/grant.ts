import { v7 as uuidv7 } from "uuid";
import { type GrantView, maxGrantMs, type NewGrant } from "../../contracts/api/grants.ts";
import { ControlError } from "../errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../store/change.ts";
import type { StoreTransaction } from "../store/open-store.ts";
import { toGrantView } from "./grant-record.ts";

/** Every live grant is in every proxy's snapshot. */
const maxLiveGrantsPerPerson = 100;

/**
 * Lets an agent act in a person's name.
 *
 * @param personId who consents: from a session or, alone on a machine, its owner.
 * @param serviceIds the agents that are services of the configuration.
 * @throws {ControlError} WEIR_INVALID_REQUEST, WEIR_PERSON_NOT_FOUND, WEIR_TOO_MANY_GRANTS.
 */
export async function createGrant(
  context: ControlContext,
  {
    personId,
    grant,
    serviceIds,
  }: { personId: string; grant: NewGrant; serviceIds: ReadonlySet<string> },
): Promise<GrantView> {
  const createdAtMs = context.now();
  const fromMs = Math.max(grant.fromMs ?? createdAtMs, createdAtMs);
  const { agent, untilMs } = grant;
  if (untilMs <= fromMs) throw invalid("The grant would end before it begins.");
  if (untilMs > createdAtMs + maxGrantMs) throw invalid("A grant lasts for a year at most.");
  // Member by member: nothing that a request may hold besides gets into the store.
  const row = {
    id: uuidv7({ msecs: createdAtMs, random: context.randomBytes(16) }),
    personId,
    agent,
    scopes: JSON.stringify(grant.scopes),
    models: grant.models === undefined ? null : JSON.stringify(grant.models),
    tools: grant.tools === undefined ? null : JSON.stringify(grant.tools),
    maxHops: grant.maxHops ?? 0,
    fromMs,
    untilMs,
    createdAtMs,
    revokedAtMs: null,
    lastUsedAtMs: null,
  };
  const view = toGrantView(row);
  await context.store.transaction().execute(async (transaction) => {
    await requirePerson(transaction, personId, personId);
    await requireAgent(transaction, agent, serviceIds);
    await requireRoom(transaction, personId, createdAtMs);
    await transaction.insertInto("grants").values(row).execute();
    await recordChange(transaction, context, {
      action: "grant.create",
      entityId: row.id,
      before: null,
      after: view,
    });
    await bumpRevision(transaction);
  });
  return view;
}

function invalid(message: string): ControlError {
  return new ControlError("WEIR_INVALID_REQUEST", message);
}

async function requirePerson(
  transaction: StoreTransaction,
  personId: string,
  shown: string,
): Promise<void> {
  const person = await transaction
    .selectFrom("people")
    .select("id")
    .where("id", "=", personId)
    .where("removedAtMs", "is", null)
    .executeTakeFirst();
  if (person === undefined)
    throw new ControlError("WEIR_PERSON_NOT_FOUND", `There is no person "${shown}".`);
}

/** A key of the agent may come later, but whose agent it is has to be clear now. */
async function requireAgent(
  transaction: StoreTransaction,
  agent: string,
  serviceIds: ReadonlySet<string>,
): Promise<void> {
  const [owner = "", name] = agent.split("/");
  if (name !== undefined) return requirePerson(transaction, owner, owner);
  if (serviceIds.has(agent)) return;
  throw invalid(
    `There is no service "${agent}". An agent that calls with a key is named with its owner, like ada/${agent}.`,
  );
}

async function requireRoom(
  transaction: StoreTransaction,
  personId: string,
  nowMs: number,
): Promise<void> {
  const { live } = await transaction
    .selectFrom("grants")
    .select((expression) => expression.fn.countAll<number>().as("live"))
    .where("personId", "=", personId)
    .where("revokedAtMs", "is", null)
    .where("untilMs", ">", nowMs)
    .executeTakeFirstOrThrow();
  if (live < maxLiveGrantsPerPerson) return;
  throw new ControlError("WEIR_TOO_MANY_GRANTS", `There are ${live} live grants. Revoke some.`);
}
