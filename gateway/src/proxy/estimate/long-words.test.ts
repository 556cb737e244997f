import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import { cutLongWords, loadCounter } from "./count-tokens.ts";

const count = await loadCounter("o200k_base");

// Uncut, each of these takes between two seconds and a minute.
test.each([
  ["one letter", "a"],
  ["Chinese", "漢字假名"],
  ["spaces", " "],
  ["line ends", "\n"],
  ["line ends and slashes", "/\n"],
  ["symbols", "!?"],
  ["emoji", "😀"],
  ["letters and marks", "e\u0301"],
  ["half a surrogate pair", "\ud83d"],
])("a word of 65,536 characters of %s is counted in less than a second", (_, unit) => {
  const text = unit.repeat(65_536 / unit.length);
  const before = performance.now();
  expect(count(text)).toBeGreaterThan(0);
  expect(performance.now() - before).toBeLessThan(1_000);
});

test("cutting loses nothing and leaves ordinary text whole", () => {
  const prose = "It was not amused; 12345 times, however.\n\n\t— said nobody… ".repeat(50);
  expect([...cutLongWords(prose)]).toEqual([prose]);
  const mixed = `${prose}${"漢".repeat(1_000)}${prose}`;
  expect([...cutLongWords(mixed)].join("")).toBe(mixed);
});

test("a cut costs two tokens at most", () => {
  const words = ["internationalisation", "строительство", "漢字假名交じり文", "donaudampfschiff"];
  for (const word of words) {
    const text = word.repeat(Math.ceil(1_280 / word.length));
    const cuts = Math.floor(Array.from(text).length / 128);
    expect(cuts).toBeGreaterThan(8);
    const error = count(text) - countTokens(text);
    expect(Math.abs(error), word).toBeLessThanOrEqual(2 * cuts);
  }
});
