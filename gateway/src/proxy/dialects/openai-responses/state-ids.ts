import { hash } from "node:crypto";

/**
 * A name for encrypted reasoning, which only the account that made it can read. Clients may send
 * it back without the id of its item (Codex does), so the content itself is what it is known by.
 */
export function encryptedStateId(encryptedContent: string): string {
  return `enc_${hash("sha256", encryptedContent).slice(0, 32)}`;
}
