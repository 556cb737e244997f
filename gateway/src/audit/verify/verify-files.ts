import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AuditDamagedError, AuditKeyError } from "../errors.ts";
import type { Head } from "../heads/head.ts";
import { HEADS_FILE } from "../heads/heads-file.ts";
import type { VerifierKey } from "../heads/note.ts";
import { readPublicKey } from "../heads/signing-key.ts";
import { AuditReader, ENTRIES_FILE } from "../log/audit-reader.ts";
import { parseSources, SOURCES_FILE } from "../log/sources.ts";
import { LevelComparer } from "./compare-levels.ts";
import { type Finding, Findings } from "./finding.ts";
import { LogWalk } from "./log-walk.ts";
import { openHeads } from "./open-heads.ts";

export interface VerifyFilesOptions {
  /** `<dataDir>/audit` */
  readonly directory: string;
  /** Kept elsewhere by whoever verifies; without it the one beside the log is believed. */
  readonly publicKey?: VerifierKey | undefined;
  /** Only what came after this head is looked at, and that it goes on from it. */
  readonly since?: Head | undefined;
  readonly onProgress?: (leaves: number, ofLeaves: number) => void;
}

export interface FilesReport {
  /** Leaves in the log. */
  readonly size: number;
  /** Leaves that a head has signed; the rest nothing vouches for yet. */
  readonly signedSize: number;
  /** Leaves that have been looked at. */
  readonly checkedLeaves: number;
  readonly checkedHeads: number;
  readonly findings: readonly Finding[];
  /** Findings that are not in the list. */
  readonly findingsLeftOut: number;
}

/**
 * Recomputes the log from its leaf hashes and compares it with everything that lies beside it.
 * Memory is bounded; works while Weir appends.
 * @throws AuditKeyError when there is no public key to verify with.
 */
export async function verifyFiles(options: VerifyFilesOptions): Promise<FilesReport> {
  const { directory, since } = options;
  const findings = new Findings();
  const key = await chooseKey(options, findings.add);
  if (!existsSync(join(directory, ENTRIES_FILE))) return reportNoEntries(directory, findings);
  const heads = await openHeads(directory, key, since, findings.add);
  // Entries come before the head that signs them, so that a running Weir's heads find theirs.
  const sources = await readSources(directory, findings.add);
  const reader = new AuditReader(directory);
  const levels = new LevelComparer(directory, "level", 1);
  const blocks = new LevelComparer(directory, "block", 0);
  try {
    const parts = { options, reader, sources, heads, levels, blocks, findings };
    const checkedLeaves = await walkLog(parts);
    return {
      size: reader.size,
      signedSize: heads.checker.size,
      checkedLeaves,
      checkedHeads: heads.checker.count,
      findings: findings.list,
      findingsLeftOut: findings.leftOut,
    };
  } finally {
    reader.close();
    levels.close();
    blocks.close();
  }
}

// Nodes that a walk has to begin from may be the very ones that are gone.
async function walkLog(parts: ConstructorParameters<typeof LogWalk>[0]): Promise<number> {
  try {
    const walk = new LogWalk(parts);
    await walk.run();
    return walk.checkedLeaves;
  } catch (error) {
    if (!(error instanceof AuditDamagedError)) throw error;
    parts.findings.add({ kind: "level-changed", message: error.message });
    return 0;
  }
}

type Report = (finding: Finding) => void;

async function chooseKey(
  { directory, publicKey }: VerifyFilesOptions,
  report: Report,
): Promise<VerifierKey> {
  const own = await readPublicKey(directory).catch((error: unknown) => {
    if (publicKey === undefined) throw error;
    return null;
  });
  if (publicKey === undefined && own === null)
    throw new AuditKeyError(`There is no public key in ${directory} to verify with`);
  if (publicKey !== undefined && own?.publicKey.equals(publicKey.publicKey) !== true) {
    const message = "The public key beside the log is not the one to verify with";
    report({ kind: "key-changed", message, file: "public-key" });
  }
  const key = publicKey ?? own;
  if (key === null) throw new AuditKeyError("There is no public key");
  return key;
}

async function readSources(directory: string, report: Report) {
  const path = join(directory, SOURCES_FILE);
  const parsed = parseSources(existsSync(path) ? await readFile(path, "utf8") : "");
  for (const line of parsed.badLines) {
    const message = `Line ${line} of sources names another source than it was written for`;
    report({ kind: "source-changed", message, file: SOURCES_FILE });
  }
  return parsed.byRef;
}

async function reportNoEntries(directory: string, findings: Findings): Promise<FilesReport> {
  if (existsSync(join(directory, HEADS_FILE))) {
    const message = "The file entries is gone, and with it every leaf";
    findings.add({ kind: "log-truncated", message, file: ENTRIES_FILE });
  }
  const { list, leftOut } = findings;
  const none = { size: 0, signedSize: 0, checkedLeaves: 0, checkedHeads: 0 };
  return { ...none, findings: list, findingsLeftOut: leftOut };
}
