import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { enterpriseSchema } from "../schema-urns.ts";
import { ScimError } from "../scim-error.ts";
import { matches } from "./matches.ts";
import { parseFilter, parsePatchPath } from "./parse-filter.ts";

const user = {
  id: "A1",
  userName: "Ada@example.com",
  active: true,
  name: { familyName: "Lovelace" },
  emails: [{ value: "ada@example.com", type: "work", primary: true }],
  meta: { lastModified: "2026-11-23T12:00:00.000Z" },
  [enterpriseSchema]: { manager: { value: "B2" } },
};
const isMatch = (filter: string) => matches(parseFilter(filter), user);

describe("a filter finds what RFC 7644 says", () => {
  test.each([
    'userName eq "ada@EXAMPLE.com"',
    'USERNAME Eq "ada@example.com"',
    'userName sw "ada" and userName co "@" and userName ew ".com"',
    'id ne "a1"',
    "active eq true",
    "name.familyName pr and not (title pr)",
    'title pr or name.familyName eq "lovelace"',
    'emails[type eq "work" and value co "@example.com"]',
    'emails eq "ADA@example.com"',
    'meta.lastModified gt "2026-11-22T00:00:00Z"',
    `${enterpriseSchema}:manager.value eq "B2"`,
    'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ada@example.com"',
    // `and` binds more than `or`.
    'id eq "A1" or id eq "A1" and id eq "none"',
    "title eq null",
  ])("%s", (filter) => expect(isMatch(filter)).toBe(true));

  test.each([
    'id eq "a1"',
    'title eq "x"',
    'userName gt "b"',
    'not (userName co "ada")',
    '(id eq "A1" or id eq "A1") and id eq "none"',
    'emails[type eq "home"]',
    "active eq 1",
    '__proto__ pr or constructor.name eq "Object"',
  ])("not %s", (filter) => {
    const found = (() => {
      try {
        return isMatch(filter);
      } catch (error) {
        if (error instanceof ScimError) return false;
        throw error;
      }
    })();
    expect(found).toBe(false);
  });
});

test("any text is a filter or is refused as one, in bounded time", () => {
  const words = ["(", ")", "[", "]", "and", "or", "not", "eq", "pr", '"a"', "userName", "a.b", "1"];
  const text = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(text, (filter) => {
      for (const read of [parseFilter, parsePatchPath])
        try {
          read(filter);
        } catch (error) {
          expect(error).toBeInstanceOf(ScimError);
        }
    }),
    { numRuns: 2000 },
  );
});

test("whatever text is compared with, it is compared as that text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 100 }), (value) => {
      const filter = parseFilter(`externalId eq ${JSON.stringify(value)}`);
      expect(matches(filter, { externalId: value })).toBe(true);
      expect(matches(filter, { externalId: `${value}x` })).toBe(false);
    }),
  );
});

test.each([`${"(".repeat(40)}a pr${")".repeat(40)}`, `a eq "${"x".repeat(4000)}"`])(
  "a filter that is too deep or too long is refused (%#)",
  (filter) => expect(() => parseFilter(filter)).toThrow(ScimError),
);

test("paths of PATCH name an attribute, some of its values, and a part of these", () => {
  expect(parsePatchPath('emails[type eq "work"].value')).toMatchObject({
    attribute: { name: "emails", sub: "value" },
    filter: { kind: "compare" },
  });
  for (const path of ["a b", "a[", 'a[b eq "c"]d', "a.b.c", "a..b", "urn:x:", 'a.b[c eq "d"].e'])
    expect(() => parsePatchPath(path), path).toThrow(ScimError);
});
