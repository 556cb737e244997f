import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Type } from "typebox";
import { AuditReader } from "../../../audit/log/audit-reader.ts";
import { copyAudit, copyRest, copySpools, copyStore } from "../../../ledger/backup/copy-files.ts";
import {
  countRows,
  freezeTables,
  type FrozenTables,
  moveFrozen,
} from "../../../ledger/backup/freeze-tables.ts";
import {
  type BackupManifest,
  digestFolder,
  writeManifest,
} from "../../../ledger/backup/manifest.ts";
import { isEmbedded } from "../../../ledger/clickhouse/open.ts";
import { readSpools } from "../../../ledger/status/read-spools.ts";
import { ControlError } from "../../errors.ts";
import { recordChange } from "../../store/change.ts";
import { isPostgres } from "../../store/store-kind.ts";
import type { LedgerHost } from "../host.ts";
import { showsNothing } from "../../views/view.ts";
import { defineOperation } from "../operation.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });

/** `weir ledger backup` */
export const backupOperation = defineOperation({
  name: "backup",
  summary: "Copy the whole state, consistent in itself, while Weir goes on",
  permission: "ledger:operate",
  view: showsNothing,
  request: Type.Object({ withKeys: Type.Boolean(), weirVersion: Type.String() }, strict),
  step: Type.Object(
    {
      doing: Type.Union([
        Type.Literal("shipping"),
        Type.Literal("copying"),
        Type.Literal("digests"),
        Type.Literal("finished"),
      ]),
      /** Folder under `backups/` of the data directory. */
      name: Type.String(),
      files: count,
      bytes: count,
      rows: Type.Record(Type.String(), count),
      /** For how long nothing was shipped. */
      pausedMs: Type.Number(),
    },
    strict,
  ),
  async *run(host, { withKeys, weirVersion }) {
    assertEmbedded(host);
    assertOwnFile(host);
    const atMs = host.context.now();
    const name = new Date(atMs).toISOString().replaceAll(/[-:.]/g, "");
    const folder = join(host.dataDir, "backups", name);
    const nothing = { name, files: 0, bytes: 0, rows: {}, pausedMs: 0 };
    yield { doing: "shipping" as const, ...nothing };
    await recordBackup(host, name, withKeys);
    await host.shipNow();
    yield { doing: "copying" as const, ...nothing };
    await mkdir(join(host.dataDir, "backups"), { recursive: true, mode: 0o700 });
    // Fails where it is there: another backup of this very moment must not be cleared away below.
    await mkdir(folder, { mode: 0o700 });
    try {
      const { frozen, pausedMs } = await copyState(host, folder, name, withKeys);
      yield { doing: "digests" as const, ...nothing, pausedMs };
      const files = await digestFolder(folder);
      const { rows, schema } = frozen;
      const audit = treeOf(join(folder, "audit"));
      const manifest: BackupManifest = {
        format: 1,
        weirVersion,
        atMs,
        rows: { ...rows },
        audit,
        hasSigningKey: withKeys,
        schema: [...schema],
        files,
      };
      await writeManifest(folder, manifest);
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      yield {
        doing: "finished" as const,
        name,
        files: files.length,
        bytes,
        rows: { ...rows },
        pausedMs,
      };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  },
});

function assertEmbedded({ client }: LedgerHost): void {
  if (isEmbedded(client)) return;
  throw new ControlError(
    "WEIR_INVALID_REQUEST",
    "The ledger is on a ClickHouse server: stop Weir, back the server up by its own BACKUP, and copy the data directory.",
  );
}

function assertOwnFile({ context }: LedgerHost): void {
  if (!isPostgres(context.store)) return;
  throw new ControlError(
    "WEIR_INVALID_REQUEST",
    "The control store is in PostgreSQL. Stop every control, back the database up with pg_dump, " +
      "and copy each data directory: docs/control-store.md has the order.",
  );
}

async function recordBackup({ context }: LedgerHost, name: string, withKeys: boolean) {
  await context.store.transaction().execute((transaction) =>
    recordChange(transaction, context, {
      action: "ledger.backup",
      entityId: name,
      before: null,
      after: { withKeys },
    }),
  );
}

/** Everything at one moment: tables, audit log and cursors stand still, and spools only grow. */
async function copyState(
  host: LedgerHost,
  folder: string,
  name: string,
  withKeys: boolean,
): Promise<{ frozen: FrozenTables; pausedMs: number }> {
  const { dataDir, context, whilePaused } = host;
  const clickhousePath = join(dataDir, "clickhouse");
  return whilePaused(async () => {
    const begunMs = performance.now();
    const spools = await readSpools(join(dataDir, "spool"));
    // What is under way may be in the tables in part, which only this engine's own tokens tell.
    if (spools.some(({ isUnderWay }) => isUnderWay))
      throw new ControlError(
        "WEIR_LEDGER_UNAVAILABLE",
        "A batch is under way that ClickHouse does not take. See the log, and back up once it ships.",
      );
    const frozen = await freezeAtRest(host, name);
    await copyAudit(join(dataDir, "audit"), join(folder, "audit"), withKeys);
    // In a transaction no change can be marked as published between the store's copy and the spool's.
    await context.store.transaction().execute(async () => {
      await copyStore(join(dataDir, "control.db"), join(folder, "control.db"));
      await copySpools(join(dataDir, "spool"), join(folder, "spool"));
    });
    await copyRest(dataDir, folder);
    await moveFrozen(frozen, clickhousePath, name, join(folder, "clickhouse"));
    return { frozen, pausedMs: Math.round((performance.now() - begunMs) * 10) / 10 };
  });
}

/** Corrections of prices are inserted by others than the shipper, and no pause keeps them off. */
async function freezeAtRest({ client, dataDir }: LedgerHost, name: string): Promise<FrozenTables> {
  const clickhousePath = join(dataDir, "clickhouse");
  const isCorrecting = () => existsSync(join(dataDir, "recompute.json"));
  const wasCorrecting = isCorrecting();
  const before = await countRows(client, "calls");
  const frozen = await freezeTables(client, clickhousePath, name);
  if (!wasCorrecting && !isCorrecting() && (await countRows(client, "calls")) === before)
    return frozen;
  await rm(join(clickhousePath, "shadow", name), { recursive: true, force: true });
  throw new ControlError(
    "WEIR_RECOMPUTE_RUNNING",
    "Prices are being recomputed. Back up once that is done.",
  );
}

function treeOf(directory: string): BackupManifest["audit"] {
  let reader: AuditReader;
  try {
    reader = new AuditReader(directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    const { size } = reader;
    return { size, root: reader.roots(size).root.toString("base64") };
  } finally {
    reader.close();
  }
}
