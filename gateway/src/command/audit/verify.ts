import { createPublicKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  parseVerifierKey,
  rawPublicKey,
  type VerifierKey,
  verifierKeyOf,
} from "../../audit/heads/note.ts";
import { readPublicKey } from "../../audit/heads/signing-key.ts";
import { findSince } from "../../audit/verify/since.ts";
import { type FilesReport, verifyFiles } from "../../audit/verify/verify-files.ts";
import type { Config } from "../../config/schema.ts";
import { auditRowsOperation } from "../../control/ledger/operations/audit-rows.ts";
import { exitCodes } from "../../supervisor/fault.ts";
import type { VerifyFlags } from "../audit-command.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { runOperation } from "../ledger/run-operation.ts";
import { auditDirectory, fault, ownPublicKey, withAuditFaults } from "./audit-fault.ts";

const PROGRESS_MS = 2_000;

/** Checks the files, then the rows; the exit code is 1 when anything was altered. */
export async function verify(flags: VerifyFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const directory = auditDirectory(config);
  const files = await withAuditFaults(() => checkFiles(directory, flags, host));
  const rows = flags.filesOnly === true ? null : await checkRows(config, host);
  const findings = [...files.findings, ...(rows?.findings ?? [])];
  if (findings.length > 0) host.exitCode = exitCodes.failed;
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify({ intact: findings.length === 0, files, rows })}\n`);
    return;
  }
  for (const { kind, message } of findings) host.stdout.write(`${kind}: ${message}\n`);
  const more = files.findingsLeftOut + (rows?.findingsLeftOut ?? 0);
  if (more > 0) host.stdout.write(`and ${more} more\n`);
  host.stdout.write(summary(files));
  if (rows !== null) {
    const { expired, erased, deadLetters, pending } = rows;
    host.stdout.write(
      `${rows.rows} rows compared with ${rows.leaves} leaves: ${expired} expired, ` +
        `${erased} erased, ${deadLetters} dead letters, ${pending} on their way\n`,
    );
  }
  host.stdout.write(findings.length === 0 ? "intact\n" : "ALTERED\n");
}

async function checkFiles(directory: string, flags: VerifyFlags, host: Host): Promise<FilesReport> {
  const publicKey =
    flags.publicKey === undefined ? undefined : await readKeyFile(flags.publicKey, directory);
  const since =
    flags.since === undefined
      ? undefined
      : await findSince(directory, flags.since, publicKey ?? (await ownPublicKey(directory)));
  let toldMs = Date.now();
  return verifyFiles({
    directory,
    publicKey,
    since,
    onProgress: (leaves, ofLeaves) => {
      if (Date.now() - toldMs < PROGRESS_MS) return;
      toldMs = Date.now();
      host.stderr.write(`${leaves} of ${ofLeaves} leaves looked at so far\n`);
    },
  });
}

async function checkRows(config: Config, host: Host) {
  const { report } = await runOperation(
    { config, env: host.env },
    auditRowsOperation,
    {},
    ({ rows, report: done }) => {
      if (rows > 0 && done === undefined) host.stderr.write(`${rows} rows compared so far\n`);
    },
  );
  if (report !== undefined) return report;
  throw fault(
    "WEIR_AUDIT_BROKEN_OFF",
    "the comparison of rows broke off",
    "Run the command once more.",
  );
}

function summary({ size, signedSize, checkedLeaves, checkedHeads }: FilesReport): string {
  const rest = size - signedSize;
  const unsigned = rest > 0 ? `, ${rest} of them not signed yet` : "";
  return `${checkedLeaves} of ${size} leaves and ${checkedHeads} heads checked${unsigned}\n`;
}

/** A C2SP verifier key, or an Ed25519 public key in PEM, which goes by the log's own name. */
async function readKeyFile(path: string, directory: string): Promise<VerifierKey> {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  const key = parseVerifierKey(text);
  if (key !== null) return key;
  try {
    const own = await readPublicKey(directory);
    return verifierKeyOf(own?.name ?? "", rawPublicKey(createPublicKey(text)));
  } catch (error) {
    throw fault(
      "WEIR_AUDIT_KEY",
      `${path} holds no Ed25519 public key`,
      `Name a copy of ${join(directory, "public-key")}, or a public key in PEM.`,
      error,
    );
  }
}
