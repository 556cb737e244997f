import { ScimError } from "./scim-error.ts";

/** RFC 7644 §3.14. @throws {ScimError} WEIR_SCIM_VERSION_MISMATCH */
export function requireVersion(
  { version }: { readonly version: number },
  ifMatch: string | null,
): void {
  if (ifMatch === null || ifMatch === "*") return;
  const tags = ifMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (tags.includes(`"${version}"`)) return;
  const message = "The resource is another than the client knows. Read it again.";
  throw new ScimError("WEIR_SCIM_VERSION_MISMATCH", message);
}
