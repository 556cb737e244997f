/**
 * Writes the JSON schema against which policies are type-checked, from the gateway's contracts.
 * Run: `pnpm exec node scripts/generate-policy-schema.ts`
 */
import { writeFileSync } from "node:fs";
import { policySchemaPath, policySchemaText } from "./policy-schema.ts";

writeFileSync(policySchemaPath, policySchemaText());
