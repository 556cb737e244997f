import type { IncomingHttpHeaders } from "node:http";
import { looksLikeKey } from "../../identity/virtual-key.ts";

const BEARER = /^bearer +(\S+) *$/i;

/**
 * The credential that the client sent, or null. Both places are accepted on every route; where
 * both are filled, the one in our own form counts, since some clients repeat a foreign key.
 */
export function findCredential(headers: IncomingHttpHeaders): string | null {
  const bearer = BEARER.exec(headers.authorization ?? "")?.[1];
  const apiKey = headers["x-api-key"];
  const found = [bearer, apiKey].filter((value) => typeof value === "string" && value !== "");
  const ours = found.find((value) => typeof value === "string" && looksLikeKey(value));
  const chosen = ours ?? found[0];
  return typeof chosen === "string" ? chosen : null;
}
