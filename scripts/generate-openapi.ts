// Writes gateway/openapi.json: pnpm exec node scripts/generate-openapi.ts
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildOpenApiDocument } from "../gateway/src/control/openapi-document.ts";

const path = join(import.meta.dirname, "..", "gateway", "openapi.json");
await writeFile(path, await buildOpenApiDocument());
