import { randomBytes } from "node:crypto";
import { AuditNotFoundError } from "../../audit/errors.ts";
import { type SignedHead, openHeadWriter } from "../../audit/heads/head-writer.ts";
import { readLastHead } from "../../audit/heads/last-head.ts";
import { openSigningKey } from "../../audit/heads/signing-key.ts";
import { openAuditLog } from "../../audit/log/audit-log.ts";
import type { Config } from "../../config/schema.ts";
import { LockedError } from "../../ledger/lock/hold-lock.ts";
import type { AuditFlags } from "../audit-command.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { auditDirectory, withAuditFaults } from "./audit-fault.ts";

/** Prints a head of the log as it is now; a running Weir's newest, which it writes by itself. */
export async function printHead(flags: AuditFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const directory = auditDirectory(config);
  const { head, note } = await withAuditFaults(async () => {
    const written = await writeHead(config, directory);
    if (written !== null) return written;
    const last = await readLastHead(directory);
    if (last === null) throw new AuditNotFoundError("The running Weir has not signed a head yet.");
    host.stderr.write(`weir: Weir runs and signs by itself; this is its newest head.\n`);
    return last;
  });
  const { size, timeMs } = head;
  host.stdout.write(
    flags.json === true ? `${JSON.stringify({ size, timeMs, checkpoint: note })}\n` : note,
  );
}

/** @returns null when another process writes the log. */
async function writeHead(config: Config, directory: string): Promise<SignedHead | null> {
  const now = Date.now;
  const log = await openAuditLog({ directory, now }).catch((error: unknown) => {
    if (error instanceof LockedError) return null;
    throw error;
  });
  if (log === null) return null;
  try {
    const { signingKeyFile } = config.audit;
    const signer = await openSigningKey({ directory, signingKeyFile, randomBytes });
    return await (await openHeadWriter({ log, signer, now })).write();
  } finally {
    await log.close();
  }
}
