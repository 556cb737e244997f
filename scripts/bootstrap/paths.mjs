import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where the bootstrap keeps its stamps: what was installed and built, from which sources. */
export const stampDirectory = join(root, "node_modules", ".weir");
