import { hash } from "node:crypto";
import { crc32 } from "node:zlib";

const prefix = "weir_";
const secretLength = 43;
const checksumLength = 6;
const keyLength = prefix.length + secretLength + checksumLength;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const keyPattern = /^weir_[0-9A-Za-z]{49}$/;

function base62(value: bigint, length: number): string {
  let digits = "";
  for (let rest = value; digits.length < length; rest /= 62n) {
    digits = alphabet.charAt(Number(rest % 62n)) + digits;
  }
  return digits;
}

/**
 * Makes a virtual key of 32 random bytes: `weir_`, 43 base62 digits, and a 6-digit CRC-32 that
 * lets a mistyped or cut key be told apart from a revoked one without looking it up.
 */
export function formatVirtualKey(randomness: Buffer): string {
  if (randomness.length !== 32) throw new RangeError("a virtual key takes 32 random bytes");
  const body = prefix + base62(BigInt(`0x${randomness.toString("hex")}`), secretLength);
  return body + base62(BigInt(crc32(body)), checksumLength);
}

/** Whether `key` has the form of a virtual key, checksum included. Says nothing of its being live. */
export function looksLikeKey(key: string): boolean {
  if (key.length !== keyLength || !keyPattern.test(key)) return false;
  const body = key.slice(0, -checksumLength);
  let rest = crc32(body);
  // Every call comes through here: plain numbers take a third of the time that BigInt takes.
  for (let position = keyLength - 1; position >= keyLength - checksumLength; position -= 1) {
    if (key[position] !== alphabet[rest % 62]) return false;
    rest = Math.floor(rest / 62);
  }
  return true;
}

const keyAnywhere = /weir_[0-9A-Za-z]{49}/;
const tokenAnywhere = /eyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{2,}\./;

/** Whether something of the form of a virtual key, or of a JWT, stands anywhere in a text. */
export function holdsKey(text: string): boolean {
  return (
    (text.includes(prefix) && keyAnywhere.test(text)) ||
    (text.includes(".eyJ") && tokenAnywhere.test(text))
  );
}

const everyKey = /weir_[0-9A-Za-z]{49}/g;

/** A text with everything of the form of a virtual key in it made unreadable. */
export function withoutKeys(text: string): string {
  return text.includes(prefix) ? text.replace(everyKey, `${prefix}***`) : text;
}

/** SHA-256 of a key in lower-case hex: the only form in which a key is stored or published. */
export function keyHash(key: string): string {
  return hash("sha256", key, "hex");
}

/** What may be shown of a key later: enough to recognise it, far too little to use it. */
export function keyHint(key: string): string {
  return key.slice(0, prefix.length + 4);
}
