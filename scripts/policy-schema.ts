import { join } from "node:path";
import { PolicyInput } from "../gateway/src/contracts/policy-input.ts";

export const policySchemaPath = join(import.meta.dirname, "../policies/schema/input.json");

/** The policy input's schema as text, as it is committed. */
export function policySchemaText(): string {
  return `${JSON.stringify(PolicyInput, null, 2)}\n`;
}
