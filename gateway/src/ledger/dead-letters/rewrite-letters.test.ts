import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { collect } from "../testing/collect.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { MAX_LINE_BYTES } from "../lines/read-lines.ts";
import { appendDeadLetter, type DeadLetter } from "../ship/dead-letters.ts";
import { discardedName, moveAside } from "./discard-letters.ts";
import { letterPath, listDeadLetterFiles, readLetterLines } from "./letter-files.ts";
import { removeLetters } from "./rewrite-letters.ts";

let root: string;
let path: string;

beforeEach(async () => {
  root = await temporaryDirectory();
  path = letterPath(root, "proxy-0");
  await mkdir(dirname(path));
});

const letter = (sequence: number): DeadLetter => ({
  spoolId: "proxy-0",
  epoch: 1,
  sequence,
  table: "calls",
  version: 1,
  partition: "20261123",
  atMs: 1000,
  code: "CLICKHOUSE_27",
  reason: "no such number",
  line: `proxy-0\t1\t${sequence}\ta\u2028b\u2029c\u0085d`,
});
const textOf = (sequence: number) => `${JSON.stringify(letter(sequence))}\n`;
const sequences = async () =>
  (await collect(readLetterLines(path))).map((line) => line.letter?.sequence ?? null);
const isSecond = ({ sequence }: DeadLetter) => sequence === 2;

describe("damage in a file of dead letters", () => {
  test("bug: bytes that are no UTF-8 are kept as they are when others are taken out", async () => {
    const damaged = Buffer.from('{"spoolId":"\xff\xfe\x00\xc3\n', "latin1");
    await writeFile(path, Buffer.concat([Buffer.from(textOf(1) + textOf(2)), damaged]));
    expect(await sequences()).toEqual([1, 2, null]);
    await removeLetters(path, isSecond);
    expect(await readFile(path)).toEqual(Buffer.concat([Buffer.from(textOf(1)), damaged]));
  });

  test("bug: a line that is too long to be held hides no other, and is kept", async () => {
    const long = Buffer.alloc(MAX_LINE_BYTES + 1, "x");
    const end = Buffer.from(`\n${textOf(3)}`);
    await writeFile(path, Buffer.concat([Buffer.from(textOf(2)), long, end]));
    expect(await sequences()).toEqual([2, null, 3]);
    await removeLetters(path, isSecond);
    expect((await readFile(path)).equals(Buffer.concat([long, end]))).toBe(true);
  });

  test("bug: what is appended after a torn line is a letter of its own", async () => {
    await writeFile(path, `${textOf(1)}{"spoolId":"pro`);
    await appendDeadLetter(root, letter(2));
    await appendDeadLetter(root, letter(3));
    expect(await sequences()).toEqual([1, null, 2, 3]);
    expect(await readFile(path, "utf8")).toBe(
      `${textOf(1)}{"spoolId":"pro\n${textOf(2)}${textOf(3)}`,
    );
  });

  test("a letter appended to no file, or an empty one, begins it", async () => {
    await appendDeadLetter(root, letter(1));
    expect(await readFile(path, "utf8")).toBe(textOf(1));
    await writeFile(path, "");
    await appendDeadLetter(root, letter(2));
    expect(await readFile(path, "utf8")).toBe(textOf(2));
  });

  test("letters are found whose lines end in CRLF, and without the last line feed", async () => {
    await writeFile(path, `${textOf(1).trimEnd()}\r\n\r\n\n${textOf(2).trimEnd()}`);
    expect(await sequences()).toEqual([1, null, 2]);
  });

  test.each([
    ["another table", { table: "releases" }],
    ["a sequence that is no number", { sequence: "1" }],
    ["a day that is none", { partition: "2026-11-23' OR 1" }],
    ["no line", { line: undefined }],
  ])("a line with %s is no letter, and stays", async (_name, changes) => {
    const text = `${JSON.stringify({ ...letter(1), ...changes })}\n`;
    await writeFile(path, text + textOf(2));
    expect(await sequences()).toEqual([null, 2]);
    await removeLetters(path, isSecond);
    expect(await readFile(path, "utf8")).toBe(text);
  });
});

describe("files of dead letters", () => {
  test("one letter chosen goes aside, and all else stays where it was", async () => {
    await writeFile(path, `${textOf(1)}${textOf(2)}{"spo`);
    const name = discardedName(root, "proxy-0", 0);
    await moveAside(root, "proxy-0", name, { spool: "proxy-0", code: "", sequences: [2] });
    expect(await readFile(join(dirname(path), name), "utf8")).toBe(textOf(2));
    expect(await readFile(path, "utf8")).toBe(`${textOf(1)}{"spo\n`);
    expect(await readdir(dirname(path))).toHaveLength(2);
  });

  test("bug: one that is gone by the time it is looked at is left out", async () => {
    await writeFile(path, textOf(1));
    await symlink(join(root, "gone"), join(dirname(path), "proxy-1.ndjson"));
    expect(await listDeadLetterFiles(root)).toMatchObject([{ spoolId: "proxy-0" }]);
    expect(await collect(readLetterLines(letterPath(root, "proxy-1")))).toEqual([]);
  });
});
