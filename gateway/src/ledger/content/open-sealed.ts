import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { Decrypter } from "age-encryption";
import { Value } from "typebox/value";
import { CallContent } from "../../contracts/content-event.ts";

const decompress = promisify(zstdDecompress);
/** Two bodies of 256 KiB, each character of which JSON may write as six. */
const MAX_CONTENT_BYTES = 4_194_304;

/** The identity does not open it, or it is no content that Weir sealed; `cause` holds the reason. */
export class SealedContentError extends Error {
  readonly code = "WEIR_CONTENT_SEALED";
}

/**
 * Opens what a proxy has sealed.
 *
 * @param sealed base64 of an age v1 file
 * @param identities of age, `AGE-SECRET-KEY-1…`
 * @throws SealedContentError
 */
export async function openSealed(
  sealed: string,
  identities: readonly string[],
): Promise<CallContent> {
  try {
    const decrypter = new Decrypter();
    for (const identity of identities) decrypter.addIdentity(identity);
    const packed = await decrypter.decrypt(Buffer.from(sealed, "base64"));
    const json = await decompress(packed, { maxOutputLength: MAX_CONTENT_BYTES });
    return Value.Parse(CallContent, JSON.parse(json.toString("utf8")));
  } catch (cause) {
    throw new SealedContentError(
      "That identity does not open it: it was sealed for others, see `ledger.content.recipients`.",
      { cause },
    );
  }
}

const IDENTITY = /^AGE-SECRET-KEY-1[0-9A-Z]+$/;

/** The identities in a file of age: one a line, `#` begins a comment. */
export function readIdentities(file: string): string[] {
  return file
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => IDENTITY.test(line));
}
