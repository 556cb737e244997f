import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createClient } from "@clickhouse/client";
import { adminLayout } from "../../ledger/rows/admin-layout.ts";
import { readLine } from "../../ledger/rows/read-line.ts";
import { startShipper } from "../../ledger/ship/start-shipper.ts";
import { recordTypeOf } from "../../ledger/spool/frame-type.ts";
import { readSpool } from "../../ledger/spool/read-spool.ts";
import type { SegmentFiles } from "../../ledger/spool/segment-file.ts";
import { createTrail, type Trail } from "../audit/trail.ts";
import { type ControlContext, recordChange } from "../store/change.ts";
import type { StoreFixture } from "./control-fixture.ts";

const config = {
  audit: { signingKeyFile: "", headIntervalMs: 3_600_000, publishTo: [] },
  ledger: {
    commit: "interval",
    commitIntervalMs: 50,
    segmentBytes: 65_536,
    maxSpoolBytes: 1_048_576,
    whenFull: "drop-and-count",
    shipIntervalMs: 1_000_000,
    retentionDays: 14,
    hourRetentionDays: 90,
    dayRetentionDays: 400,
    auditRetentionDays: 400,
    clickhouseUrl: "",
    cluster: "",
    content: { recipients: [], teams: ["*"], maxBytes: 65_536, retentionDays: 7 },
    migrate: "auto",
  },
} as const;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function startTrail(
  fixture: StoreFixture,
  files?: SegmentFiles,
): Promise<Trail & AsyncDisposable> {
  const trail = createTrail({
    config,
    dataDir: fixture.directory,
    store: fixture.store,
    now: Date.now,
    randomBytes,
    log,
    whilePaused: (work) => work(),
    ...(files !== undefined && { files }),
  });
  await trail.start();
  return { ...trail, [Symbol.asyncDispose]: trail.close };
}

/** Starts, publishes what waits, and ends. */
export async function publishAll(fixture: StoreFixture): Promise<void> {
  await (await startTrail(fixture)).close();
}

export function change(context: ControlContext, entityId: string, after: object | null = null) {
  return context.store.transaction().execute(async (transaction) => {
    const entry = { action: "team.update", entityId, before: null, after };
    await recordChange(transaction, context, entry);
  });
}

export const spoolOf = ({ directory }: StoreFixture) => join(directory, "spool", "control");

export async function spooled({ directory }: StoreFixture) {
  const rows: Readonly<Record<string, string>>[] = [];
  for await (const { type, version, payload } of readSpool(join(directory, "spool", "control"))) {
    if (recordTypeOf(type) !== "admin") continue;
    rows.push(readLine(adminLayout, version, payload.toString("utf8")));
  }
  return rows;
}

export const idsOf = async (fixture: StoreFixture) =>
  (await spooled(fixture)).map((row) => row["id"] ?? "");

/** What the log of changes holds, oldest first. */
export async function logged({ store }: StoreFixture) {
  return store.selectFrom("adminLog").selectAll().orderBy("sequence").execute();
}

/** Ships to a ClickHouse that takes everything, through the audit log; shipped segments are gone. */
export async function shipAll(fixture: StoreFixture, trail: Trail): Promise<void> {
  const shipper = startShipper({
    spoolRoot: join(fixture.directory, "spool"),
    client: createClient(),
    intervalMs: 1_000_000,
    batchRows: 100,
    batchBytes: 1_048_576,
    now: Date.now,
    log,
    audit: trail.audit,
    insert: () => Promise.resolve(),
  });
  try {
    await shipper.drain();
  } finally {
    await shipper.stop();
  }
}
