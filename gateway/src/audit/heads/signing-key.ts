import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "../../ledger/spool/sync-directory.ts";
import { AuditKeyError } from "../errors.ts";
import { makeDirectory } from "../log/make-directory.ts";
import {
  parseVerifierKey,
  rawPublicKey,
  signNote,
  type VerifierKey,
  verifierKeyOf,
  verifierKeyText,
} from "./note.ts";

export const PUBLIC_KEY_FILE = "public-key";
export const SIGNING_KEY_FILE = "signing-key.pem";

/** Signs heads in the name of one log. */
export interface HeadSigner {
  readonly key: VerifierKey;
  /** @param text ends with a newline. @returns the signed note. */
  readonly sign: (text: string) => string;
}

export interface SigningKeyOptions {
  readonly directory: string;
  /** PEM of an Ed25519 private key; empty = `signing-key.pem` in the directory, made when missing. */
  readonly signingKeyFile: string;
  /** Names a new log apart from every other. */
  readonly randomBytes: (size: number) => Buffer;
}

/**
 * The key of the log, made together with the log's name at first use. The public key in the
 * directory says which key the log began with: another one is refused.
 * @throws AuditKeyError
 */
export async function openSigningKey(options: SigningKeyOptions): Promise<HeadSigner> {
  const { directory, signingKeyFile } = options;
  await makeDirectory(directory);
  const ownPath = join(directory, SIGNING_KEY_FILE);
  const known = await readPublicKey(directory);
  if (signingKeyFile === "" && !existsSync(ownPath)) {
    if (known !== null) throw new AuditKeyError(`The signing key ${ownPath} is gone`);
    await writeNew(directory, SIGNING_KEY_FILE, newPem(), 0o600);
  }
  const privateKey = await readPrivateKey(signingKeyFile === "" ? ownPath : signingKeyFile);
  const publicKey = publicKeyOf(privateKey);
  const key = known ?? verifierKeyOf(newName(options), publicKey);
  if (!key.publicKey.equals(publicKey))
    throw new AuditKeyError("The signing key is not the one that this audit log began with");
  if (known === null)
    await writeNew(directory, PUBLIC_KEY_FILE, `${verifierKeyText(key)}\n`, 0o644);
  return { key, sign: (text) => signNote(text, key, privateKey) };
}

/** The public key beside the log; null when there is none yet. @throws AuditKeyError */
export async function readPublicKey(directory: string): Promise<VerifierKey | null> {
  const path = join(directory, PUBLIC_KEY_FILE);
  if (!existsSync(path)) return null;
  const key = parseVerifierKey(await readFile(path, "utf8"));
  if (key === null) throw new AuditKeyError(`${path} does not hold a verifier key`);
  return key;
}

function newName({ randomBytes }: SigningKeyOptions): string {
  return `weir.invalid/audit/${randomBytes(8).toString("hex")}`;
}

function newPem(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

async function readPrivateKey(path: string): Promise<KeyObject> {
  try {
    return createPrivateKey(await readFile(path));
  } catch (cause) {
    throw new AuditKeyError(`${path} does not hold a private key in PEM`, { cause });
  }
}

function publicKeyOf(privateKey: KeyObject): Buffer {
  try {
    return rawPublicKey(privateKey);
  } catch (cause) {
    throw new AuditKeyError("The signing key is not an Ed25519 key", { cause });
  }
}

async function writeNew(directory: string, name: string, text: string, mode: number) {
  const file = await open(join(directory, name), "wx", mode);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await syncDirectory(directory);
}
