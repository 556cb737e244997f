import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { artefactPath, digestsPath, hashBytes, sourcesDigest } from "../compiler/digests.ts";

test("the compiler's artefact was built from the sources that are here (else run build:compiler)", () => {
  const artefact = readFileSync(artefactPath);
  expect(JSON.parse(readFileSync(digestsPath, "utf8"))).toMatchObject({
    sources: sourcesDigest(),
    artefact: hashBytes(artefact),
  });
  expect(artefact.length).toBeLessThanOrEqual(9_000_000);
});
