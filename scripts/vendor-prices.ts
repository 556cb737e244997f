/**
 * Takes the data of the installed @pydantic/genai-prices into the repository, as the pinned
 * snapshot from which Weir computes: pnpm exec node scripts/vendor-prices.ts
 * With `--check` it only says whether the snapshot is what the installed package gives.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { snapshotPath } from "../gateway/src/prices/price-table.ts";
import { snapshotText } from "./price-snapshot.ts";

const before = read();
const text = await snapshotText(before, new Date().toISOString().slice(0, 10));
if (text === before) process.stdout.write("the price snapshot is up to date\n");
else if (process.argv.includes("--check")) {
  process.stderr.write(
    `${snapshotPath} is not what the installed package gives.\n` +
      "Run `pnpm exec node scripts/vendor-prices.ts`, review the difference, and commit it.\n",
  );
  process.exitCode = 1;
} else {
  writeFileSync(snapshotPath, text);
  process.stdout.write(`wrote ${snapshotPath}\n`);
}

function read(): string {
  try {
    return readFileSync(snapshotPath, "utf8");
  } catch {
    return "";
  }
}
