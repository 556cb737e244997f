import { expect, test } from "vitest";
import { hashKey, KeyedHash } from "./keyed-hash.ts";

const key = hashKey(Uint8Array.from({ length: 8 }, (_byte, at) => at + 1));

function digest(kind: number, text: string, of = key): string {
  const hash = new KeyedHash(of);
  hash.text(kind, text);
  return `${hash.high}:${hash.low}`;
}

test("texts, kinds, lengths and keys that differ have different digests", () => {
  const other = hashKey(new Uint8Array(8));
  const digests = [
    digest(1, "alice"),
    digest(2, "alice"),
    digest(1, "alic"),
    digest(1, "alice\0"),
    digest(1, ""),
    digest(1, "\0"),
    digest(1, "alice", other),
  ];
  expect(new Set(digests).size).toBe(digests.length);
  expect(digest(1, "alice")).toBe(digest(1, "alice"));
});

test("a hundred thousand words have as many digests", () => {
  const digests = new Set<string>();
  for (let at = 0; at < 100_000; at += 1) digests.add(digest(1, `word-${at}`));
  expect(digests.size).toBe(100_000);
});

test("each bit of the key and of the text changes about half of the digest", () => {
  const changed = (one: string, other: string): number => {
    const [high = 0, low = 0] = one.split(":").map(Number);
    const [otherHigh = 0, otherLow = 0] = other.split(":").map(Number);
    return bits(high ^ otherHigh) + bits(low ^ otherLow);
  };
  let sum = 0;
  for (let at = 0; at < 500; at += 1) sum += changed(digest(1, `a${at}`), digest(1, `b${at}`));
  expect(sum / 500).toBeGreaterThan(30);
  expect(sum / 500).toBeLessThan(34);
});

function bits(word: number): number {
  return (word >>> 0).toString(2).replaceAll("0", "").length;
}
