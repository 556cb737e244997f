import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { collect } from "../testing/collect.ts";
import { readLines } from "./read-lines.ts";

/** The bytes, in pieces of this size. */
function inPieces(bytes: Buffer, size: number): Readable {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return Readable.from(pieces);
}

describe("reading lines", () => {
  test.each([1, 2, 5, 1000])(
    "says where each stands, bytes that are no UTF-8 and empty lines included: %i at a time",
    async (size) => {
      const bytes = Buffer.from("a\n\n\xff\xfeb\r\n\nlast", "latin1");
      const lines = await collect(readLines(inPieces(bytes, size)));
      expect(lines.map(({ start, end }) => bytes.toString("latin1", start, end))).toEqual([
        "a",
        "",
        "\xff\xfeb\r",
        "",
        "last",
      ]);
      for (const { start, end, bytes: held } of lines)
        expect(held).toEqual(bytes.subarray(start, end));
    },
  );

  test.each([1, 7, 64, 1000])(
    "steps over a line that is too long and gives those around it: %i at a time",
    async (size) => {
      const bytes = Buffer.from(`first\n${"x".repeat(101)}\nlast\n`);
      const options = { maxBytes: 100, whenLonger: "skip" } as const;
      const lines = await collect(readLines(inPieces(bytes, size), options));
      expect(lines.map((line) => line.bytes?.toString() ?? null)).toEqual(["first", null, "last"]);
      expect(lines[1]).toMatchObject({ start: 6, end: 107 });
    },
  );
});
