import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { translationTables } from "./translation-tables.ts";

const page = new URL("../../../../docs/translation.md", import.meta.url);

/** Formatting pads the cells of a table; what stands in them is what counts. */
function unpadded(markdown: string): string {
  return markdown
    .split("\n")
    .map((line) =>
      line.startsWith("|") ? line.replaceAll(/ +\|/g, " |").replaceAll(/-+/g, "-") : line,
    )
    .join("\n")
    .replaceAll(/\| +/g, "| ");
}

test("the documentation tells of every member what the tables say", async () => {
  const documented = unpadded(await readFile(page, "utf8"));
  for (const line of unpadded(translationTables()).split("\n")) expect(documented).toContain(line);
});
