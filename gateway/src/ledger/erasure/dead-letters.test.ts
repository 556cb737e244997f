import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { eraseDeadLetters } from "./dead-letters.ts";

let root: string;
let letters: string;

beforeEach(async () => {
  root = await temporaryDirectory();
  letters = join(root, "dead-letters");
  await mkdir(letters);
});

test("bug: the copy that a crash left of a file being rewritten goes too", async () => {
  await writeFile(join(letters, "proxy-0.ndjson"), "erin.miller\nada\n");
  await writeFile(join(letters, "proxy-0.ndjson.tmp"), "erin.miller\n");
  await writeFile(join(letters, "proxy-1.ndjson.erasing"), "erin.miller\n");
  expect(await eraseDeadLetters(root, "erin.miller")).toEqual({ letters: 1, pieces: 0 });
  expect(await readdir(letters)).toEqual(["proxy-0.ndjson"]);
  expect(await readFile(join(letters, "proxy-0.ndjson"), "utf8")).toBe("ada\n");
});

test("bug: lines of others that are no UTF-8 stay byte for byte", async () => {
  const damaged = Buffer.from("\xff\xfe{ada\n", "latin1");
  const path = join(letters, "proxy-0.discarded-20261123T120000000Z.ndjson");
  await writeFile(path, Buffer.concat([Buffer.from("erin.miller\n"), damaged]));
  expect(await eraseDeadLetters(root, "erin.miller")).toEqual({ letters: 1, pieces: 0 });
  expect(await readFile(path)).toEqual(damaged);
});
