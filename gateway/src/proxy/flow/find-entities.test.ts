import { expect, test } from "vitest";
import { readText } from "./find-entities.ts";
import { folded } from "./split-words.ts";

function entities(text: string, wanted: string): string[] {
  const found: string[] = [];
  readText(folded(text), {
    word: () => {},
    entity: (kind, key) => {
      if (kind === wanted) found.push(key);
    },
  });
  return found;
}

test.each([
  ["Write to Bob.Smith@Corp.com, please", ["bob.smith@corp.com"]],
  ["<bob@corp.com>;'eve@x.org'", ["bob@corp.com", "eve@x.org"]],
  ["mailto:bob@corp.com?subject=hi", ["bob@corp.com"]],
  ["to:bob@corp.com", ["bob@corp.com"]],
  ["ask @alice in #general", []],
  ["evil@[1.2.3.4] a@b", ["evil@", "a@b"]],
])("finds addresses, and takes whatever has an @ for one: %s", (text, expected) => {
  expect(entities(text, "address")).toEqual(expected);
});

test.each([
  ["see https://WWW.Example.com/A/?b=1#c.", ["example.com/a?b=1"]],
  ["see www.example.com/ and example.org", ["example.com", "example.org"]],
  ["http://good.com@evil.com/x", ["evil.com/x"]],
  ["https://example.com/%61%2Fb", ["example.com/a%2fb"]],
  ["report.txt, notes.md and v1.2 of e.g. that", []],
  ["10.0.0.1/admin", ["10.0.0.1/admin"]],
  ["ftp://example.com/f", ["ftp:example.com/f"]],
  ["https://раypal.com/x", ["xn--ypal-43d9g.com/x"]],
])("finds links in one spelling: %s", (text, expected) => {
  expect(entities(text, "link")).toEqual(expected);
});

test.each([
  ["GB29 NWBK 6016 1331 9268 19", ["gb29nwbk60161331926819"]],
  ["to GB29NWBK60161331926819.", ["gb29nwbk60161331926819"]],
  ["refund GB29NWBK60161331926819 10 now", ["gb29nwbk60161331926819"]],
  ["card 4111-1111-1111-1111 or 4111 1111 1111 1111", ["4111111111111111", "4111111111111111"]],
  ["to 12345678 10 euros", ["12345678"]],
  ["call +49 170 1234567", ["491701234567"]],
  ["on 2024-05-15 for 98.70", []],
])("finds account and telephone numbers however they are grouped: %s", (text, expected) => {
  expect(entities(text, "account")).toEqual(expected);
});

test.each([
  ["on May 15th, 2024", ["2024-05-15"]],
  ["on the 15th of May", ["05-15"]],
  ["from January 11th to January 15th 2025", ["01-11", "2025-01-15"]],
  ["from the 13th to the 17th of May 2024", ["2024-05-13", "2024-05-17"]],
  ["2024-05-19T10:00Z and 2024-05-20 12:00", ["2024-05-19", "2024-05-20"]],
  ["you may take 3 or more", ["05-03"]],
])("finds dates: %s", (text, expected) => {
  expect(entities(text, "date")).toEqual(expected);
});

test("numbers are the same however they are written", () => {
  expect(entities("pay 10.00, £98.70 or 5%", "number")).toEqual(["10", "98.7", "5"]);
});

test.each([
  ["one word", "a".repeat(400_000)],
  ["signs of addresses", "a@".repeat(200_000)],
  ["dots", "a.".repeat(200_000)],
  ["slashes", "://".repeat(130_000)],
  ["digits", "1 ".repeat(200_000)],
  ["hyphens", "-".repeat(400_000)],
  ["percent signs", `http://a/${"%41".repeat(130_000)}`],
])("reads hostile text in linear time: %s", (_name, text) => {
  const timeOf = (input: string): number => {
    const startedAt = performance.now();
    entities(input, "link");
    return performance.now() - startedAt;
  };
  timeOf(text);
  const half = Math.min(
    timeOf(text.slice(0, text.length / 2)),
    timeOf(text.slice(0, text.length / 2)),
  );
  expect(timeOf(text)).toBeLessThan(8 * half + 50);
});
