import { existsSync } from "node:fs";
import { join } from "node:path";
import { AuditDamagedError, AuditKeyError, AuditNotFoundError } from "../../audit/errors.ts";
import { readPublicKey } from "../../audit/heads/signing-key.ts";
import type { VerifierKey } from "../../audit/heads/note.ts";
import { ENTRIES_FILE } from "../../audit/log/audit-reader.ts";
import type { Config } from "../../config/schema.ts";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";

/** The folder of the log. @throws StartFault when there is none. */
export function auditDirectory({ dataDir }: Config): string {
  const directory = join(dataDir, "audit");
  if (existsSync(join(directory, ENTRIES_FILE)) || existsSync(join(directory, "heads")))
    return directory;
  throw fault(
    "WEIR_NO_AUDIT_LOG",
    `there is no audit log in ${directory}`,
    "Run `weir start` once, or name another directory with --data-dir.",
  );
}

/** Says what is wrong with the log as a command does. */
export async function withAuditFaults<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AuditNotFoundError)
      throw fault(error.code, error.message.replace(/\.$/, ""), "See weir audit --help.", error);
    if (error instanceof AuditDamagedError || error instanceof AuditKeyError) {
      const [cause = "", ...rest] = error.message.split(". ");
      throw fault(error.code, cause, rest.join(". "), error);
    }
    throw error;
  }
}

/** The public key beside the log. @throws StartFault when there is none. */
export async function ownPublicKey(directory: string): Promise<VerifierKey> {
  const key = await readPublicKey(directory);
  if (key !== null) return key;
  throw fault(
    "WEIR_AUDIT_KEY",
    `there is no public key in ${directory}`,
    "Name one with --public-key.",
  );
}

export function fault(code: string, cause: string, remedy: string, error?: unknown): StartFault {
  return new StartFault({ code, cause, remedy, exitCode: exitCodes.failed }, { cause: error });
}
