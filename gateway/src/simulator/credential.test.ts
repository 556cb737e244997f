import { expect, it } from "vitest";
import { credentialDigest, credentialOf } from "./credential.ts";

it("tells which key was sent, by digest only", () => {
  const sha256Prefix = credentialDigest("weir_key");
  expect(credentialOf({ authorization: "Bearer weir_key" })).toEqual({
    kind: "bearer",
    sha256Prefix,
  });
  expect(credentialOf({ "x-api-key": "weir_key" })).toEqual({ kind: "x-api-key", sha256Prefix });
  expect(credentialOf({ authorization: "Basic abc" })).toEqual({ kind: "none", sha256Prefix: "" });
  expect(JSON.stringify(credentialOf({ authorization: "Bearer weir_key" }))).not.toContain("weir");
});
