import { existsSync } from "node:fs";
import { join } from "node:path";
import { bad, type DoctorFinding, good } from "./finding.ts";

export function checkConsole(): DoctorFinding {
  const root = join(import.meta.dirname, "..", "..", "..", "..");
  if (existsSync(join(root, "console", "dist", "index.html"))) return good("console", "is built");
  return bad("console", "has not been built", "`npm start` builds it, and so does `pnpm build`.");
}
