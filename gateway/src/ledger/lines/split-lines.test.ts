import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { collect } from "../testing/collect.ts";
import { splitLines } from "./split-lines.ts";

const lines = [
  "plain",
  "",
  "a\u2028b\u2029c",
  "next\u0085line",
  "feeds\v\f\u001c",
  "carriage\rreturn",
  "ünïcödé 🦫",
  "the last",
];

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

  test("keeps the carriage return of a line that ends with both", async () => {
    const text = Readable.from([Buffer.from("a\r\nb\r"), Buffer.from("\n\r\n")]);
    expect(await collect(splitLines(text))).toEqual(["a\r", "b\r", "\r"]);
  });

  test("gives a line of megabytes in small pieces whole", async () => {
    const long = "ü".repeat(1_500_000);
    const bytes = Buffer.from(`${long}\nend`);
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 65_535) pieces.push(bytes.subarray(at, at + 65_535));
    const [first, second] = await collect(splitLines(Readable.from(pieces)));
    expect(first === long).toBe(true);
    expect(second).toBe("end");
  });

  test.each([
    ["exactly as many", 100, 1],
    ["one more, with its end in the same piece", 101, 0],
  ])("of the bytes that a line may have %s", async (_name, size, lineCount) => {
    const taken = collect(splitLines(Readable.from([Buffer.from(`${"x".repeat(size)}\n`)]), 100));
    if (lineCount === 1) expect(await taken).toHaveLength(1);
    else await expect(taken).rejects.toThrow(RangeError);
  });

  test("holds no more than it may", async () => {
    const endless = Readable.from([Buffer.alloc(60, "x"), Buffer.alloc(60, "x")]);
    await expect(collect(splitLines(endless, 100))).rejects.toThrow(RangeError);
  });
});
