import { join } from "node:path";
import { type Static, Type } from "typebox";
import { v4 as uuidv4 } from "uuid";
import { ERASE_ACTION, recordErased } from "../../../audit/erasure/record-erased.ts";
import { eraseDeadLetters } from "../../../ledger/erasure/dead-letters.ts";
import { removeKeptSnapshots } from "../../../ledger/erasure/kept-snapshots.ts";
import {
  collectRows,
  countRows,
  deleteRows,
  erasedTables,
  type RowCounts,
} from "../../../ledger/erasure/person-rows.ts";
import { findInFiles } from "../../../ledger/erasure/find-in-files.ts";
import { findInTables } from "../../../ledger/erasure/find-in-tables.ts";
import { purgeOldParts } from "../../../ledger/erasure/purge-parts.ts";
import { sealIdleSpools } from "../../../ledger/erasure/seal-spools.ts";
import { repairRollUps } from "../../../ledger/rollups/repair.ts";
import { planDirectory } from "../../directory/plan.ts";
import {
  closeAccount,
  countInStore,
  eraseChanges,
  scrubStore,
} from "../../erasure/erase-from-store.ts";
import { endSegments, segmentsAmong } from "../../erasure/end-segments.ts";
import { ControlError } from "../../errors.ts";
import { recordChange } from "../../store/change.ts";
import type { LedgerHost } from "../host.ts";
import { recordRead } from "../record-read.ts";
import { refuseOnCluster } from "../refuse-on-cluster.ts";
import { showsNothing } from "../../views/view.ts";
import { defineOperation } from "../operation.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });

const Proof = Type.Object(
  {
    /** Columns asked, and those of which rows name the person. */
    columns: count,
    rows: Type.Array(
      Type.Object({ table: Type.String(), column: Type.String(), rows: count }, strict),
    ),
    /** Files of the data directory that were searched, and those that have the id's bytes. */
    files: count,
    bytes: count,
    inFiles: Type.Array(Type.Object({ path: Type.String(), occurrences: count }, strict)),
    /** Parts of tables with erased rows that ClickHouse has not yet taken from the disk. */
    oldParts: count,
  },
  strict,
);

const ErasePersonStep = Type.Object(
  {
    finished: Type.Boolean(),
    stage: Type.Union([
      Type.Literal("counted"),
      Type.Literal("account-closed"),
      Type.Literal("shipped"),
      Type.Literal("rows-erased"),
      Type.Literal("store-scrubbed"),
      Type.Literal("waiting-for-spools"),
      Type.Literal("proved"),
    ]),
    /** Rows by table, and what the control store has: before the erasure. */
    counts: Type.Record(Type.String(), count),
    /** Of the entry of the audit log that says so; empty before it is written. */
    tombstoneId: Type.String(),
    proof: Type.Union([Proof, Type.Null()]),
  },
  strict,
);
export type ErasePersonStep = Static<typeof ErasePersonStep>;

/** `weir person erase` */
export const erasePersonOperation = defineOperation({
  name: "erase-person",
  summary: "Erase what is kept of a person, and look whether anything is left",
  permission: "people:erase",
  // What it counts before it erases is recorded below; erasing has a record of its own.
  view: showsNothing,
  request: Type.Object(
    {
      personId: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._@-]{0,126}$" }),
      /** false = only count. */
      confirmed: Type.Boolean(),
    },
    strict,
  ),
  step: ErasePersonStep,
  async *run(host, { personId, confirmed }) {
    refuseNamed(host, personId);
    await refuseProvisioned(host, personId);
    if (confirmed) refuseOnCluster(host.client, "Erasing a person");
    // How much there is of somebody says something of them.
    if (!confirmed) await recordRead(host, countingRead(personId), {});
    const counts = await countAll(host, personId);
    const step = { finished: false, counts, tombstoneId: "", proof: null };
    yield { ...step, stage: "counted" as const, finished: !confirmed };
    if (!confirmed) return;
    await closeAccount(host.context, personId);
    yield { ...step, stage: "account-closed" as const };
    await sealIdleSpools(join(host.dataDir, "spool"), host.context.now);
    await host.shipNow();
    yield { ...step, stage: "shipped" as const };
    const { tombstoneId, oldParts } = await host.whilePaused(() => eraseRows(host, personId));
    yield { ...step, stage: "rows-erased" as const, tombstoneId };
    await eraseChanges(host.context.store, personId);
    await scrubStore(host.context.store);
    yield { ...step, stage: "store-scrubbed" as const, tombstoneId };
    await removeKeptSnapshots(host.dataDir, personId);
    await host.shipNow();
    let proof = { ...(await prove(host, personId)), oldParts };
    const segments = segmentsAmong(proof.inFiles.map(({ path }) => path));
    if (segments.length > 0) {
      yield { ...step, stage: "waiting-for-spools" as const, tombstoneId, proof };
      await endSegments(host, segments, { tombstoneId, ...proof });
      proof = { ...(await prove(host, personId)), oldParts };
    }
    yield { ...step, stage: "proved" as const, finished: true, tombstoneId, proof };
  },
});

function countingRead(personId: string) {
  const purpose = "To see what erasing this person would take away";
  return { personId, resource: "person.erase", purpose };
}

/** Whoever is still named would be back with the next start, and with the next call. */
function refuseNamed({ config }: LedgerHost, personId: string): void {
  if (!planDirectory(config, "").people.some(({ id }) => id === personId)) return;
  throw new ControlError(
    "WEIR_INVALID_REQUEST",
    `"${personId}" is still named under \`people\` in weir.yaml, or is the owner that there is when ` +
      "it names nobody. Take them out, start Weir again if it runs, then repeat.",
  );
}

/** The identity provider would bring them back with its next request. */
async function refuseProvisioned({ config, context }: LedgerHost, personId: string): Promise<void> {
  if (config.identity.scim === undefined) return;
  const users = context.store.selectFrom("scimUsers").select("id");
  const active = users.where("personId", "=", personId).where("active", "=", 1);
  if ((await active.executeTakeFirst()) === undefined) return;
  throw new ControlError(
    "WEIR_INVALID_REQUEST",
    `"${personId}" is an active user of the identity provider, which would write them anew. ` +
      "Take Weir from them there, then repeat.",
  );
}

async function countAll(host: LedgerHost, personId: string): Promise<RowCounts> {
  const { keys, sessions, loginTokens, people, changes, scimUsers, history } = await countInStore(
    host.context.store,
    personId,
  );
  const store = {
    keys,
    sessions,
    login_tokens: loginTokens,
    people,
    changes,
    scim_users: scimUsers,
    history,
  };
  return { ...(await countRows(host.client, personId)), ...store };
}

/**
 * The tombstone is written before anything goes: should the work break off, what is missing in the
 * audit log is explained, and a repetition writes one of its own for the rest.
 */
async function eraseRows(
  host: LedgerHost,
  personId: string,
): Promise<{ tombstoneId: string; oldParts: number }> {
  const { client, context, dataDir, log } = host;
  const tombstoneId = uuidv4({ random: context.randomBytes(16) });
  const counts = await countAll(host, personId);
  const { days, audited } = await collectRows(client, personId);
  const { digest } = await recordErased(join(dataDir, "audit"), tombstoneId, audited);
  await context.store.transaction().execute((transaction) =>
    recordChange(transaction, context, {
      action: ERASE_ACTION,
      entityId: tombstoneId,
      before: null,
      after: { erased: counts, days, auditEntries: audited.length, digest },
    }),
  );
  await deleteRows(client);
  await repairRollUps(client, days, log);
  await eraseDeadLetters(join(dataDir, "spool"), personId);
  return { tombstoneId, oldParts: await purgeOldParts(client, erasedTables) };
}

async function prove(
  { client, dataDir }: LedgerHost,
  personId: string,
): Promise<Omit<Static<typeof Proof>, "oldParts">> {
  const tables = await findInTables(client, personId);
  const files = await findInFiles(dataDir, personId);
  return {
    columns: tables.columns,
    rows: tables.found,
    files: files.files,
    bytes: files.bytes,
    inFiles: files.found,
  };
}
