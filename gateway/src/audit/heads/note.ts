import { createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";

/** Signed notes (C2SP signed-note): a text, an empty line, and signature lines. */
export interface Note {
  /** With its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** Four bytes in hex that say which key of that name has signed. */
  readonly keyId: string;
  readonly signature: Buffer;
}

/** Who signs, and the Ed25519 public key that shows it: what a C2SP verifier key says. */
export interface VerifierKey {
  readonly name: string;
  readonly keyId: string;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Buffer;
}

const ED25519 = 0x01;
const KEY_ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
/** C2SP asks for 16 at least. */
const MAX_SIGNATURES = 64;

export function verifierKeyOf(name: string, publicKey: Buffer): VerifierKey {
  const input = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ED25519]), publicKey]);
  return { name, keyId: hash("sha256", input, "hex").slice(0, KEY_ID_BYTES * 2), publicKey };
}

/** `<name>+<key id>+<base64 of type and key>` */
export function verifierKeyText({ name, keyId, publicKey }: VerifierKey): string {
  return `${name}+${keyId}+${Buffer.concat([Buffer.from([ED25519]), publicKey]).toString("base64")}`;
}

/** @returns null for what is no Ed25519 verifier key, or has another key's id. */
export function parseVerifierKey(text: string): VerifierKey | null {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim());
  const [, name, keyId, base64] = match ?? [];
  if (name === undefined || keyId === undefined || base64 === undefined) return null;
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length !== PUBLIC_KEY_BYTES + 1 || bytes[0] !== ED25519) return null;
  const key = verifierKeyOf(name, bytes.subarray(1));
  return key.keyId === keyId ? key : null;
}

/** The 32 bytes of an Ed25519 key, of either half. @throws TypeError for another kind. */
export function rawPublicKey(key: KeyObject): Buffer {
  const { x, crv } = (key.type === "public" ? key : createPublicKey(key)).export({ format: "jwk" });
  if (crv !== "Ed25519" || x === undefined) throw new TypeError("not an Ed25519 key");
  return Buffer.from(x, "base64url");
}

/** @param text ends with a newline. */
export function signNote(text: string, key: VerifierKey, privateKey: KeyObject): string {
  const signature = sign(null, Buffer.from(text), privateKey);
  const line = Buffer.concat([Buffer.from(key.keyId, "hex"), signature]).toString("base64");
  return `${text}\n— ${key.name} ${line}\n`;
}

/** @returns null for what is no signed note. */
export function parseNote(note: string): Note | null {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.endsWith("\n")) return null;
  const split = note.lastIndexOf("\n\n");
  if (split < 0) return null;
  const lines = note.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) return null;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const [, name, base64] = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? [];
    if (name === undefined || base64 === undefined) return null;
    const bytes = Buffer.from(base64, "base64");
    // Other spellings of the same bytes would be other notes with a valid signature.
    if (bytes.length <= KEY_ID_BYTES || bytes.toString("base64") !== base64) return null;
    const keyId = bytes.toString("hex", 0, KEY_ID_BYTES);
    signatures.push({ name, keyId, signature: bytes.subarray(KEY_ID_BYTES) });
  }
  return { text: note.slice(0, split + 1), signatures };
}

/** `unknown`: nothing that this key has signed. `invalid`: a signature that does not hold. */
export function checkNote(note: Note, key: VerifierKey): "valid" | "invalid" | "unknown" {
  const known = note.signatures.filter(
    ({ name, keyId }) => name === key.name && keyId === key.keyId,
  );
  if (known.length === 0) return "unknown";
  const text = Buffer.from(note.text);
  const isValid = known.every(({ signature }) =>
    verify(null, text, publicKeyObject(key.publicKey), signature),
  );
  return isValid ? "valid" : "invalid";
}

const objects = new Map<string, KeyObject>();

function publicKeyObject(publicKey: Buffer): KeyObject {
  const x = publicKey.toString("base64url");
  const known = objects.get(x);
  if (known !== undefined) return known;
  const object = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  objects.clear();
  objects.set(x, object);
  return object;
}
