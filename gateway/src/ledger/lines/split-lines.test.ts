import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { collect } from "../testing/collect.ts";
import { splitLines } from "./split-lines.ts";

const lines = ["plain", "", "a\u2028b\u2029c", "carriage\rreturn", "ünïcödé 🦫", "the last"];

describe("splitting lines", () => {
  test.each([1, 2, 3, 7, 1000])(
    "splits at line feeds alone, however the bytes arrive: %i at a time",
    async (size) => {
      const bytes = Buffer.from(lines.join("\n"));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(await collect(splitLines(Readable.from(chunks)))).toEqual(lines);
    },
  );

  test("makes no line of a line feed at the end", async () => {
    expect(await collect(splitLines(Readable.from([Buffer.from("a\nb\n")])))).toEqual(["a", "b"]);
    expect(await collect(splitLines(Readable.from([])))).toEqual([]);
  });

  test("holds no more than it may", async () => {
    const endless = Readable.from([Buffer.alloc(60, "x"), Buffer.alloc(60, "x")]);
    await expect(collect(splitLines(endless, 100))).rejects.toThrow(RangeError);
  });
});
