import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policySchemaPath, policySchemaText } from "./policy-schema.ts";

test("the policies' input schema is what the contracts say (else run scripts/generate-policy-schema.ts)", () => {
  expect(readFileSync(policySchemaPath, "utf8")).toBe(policySchemaText());
});
