/**
 * Must show 1 of the wire formats: what else the official packages do than hold conversations,
 * through a whole Weir and directly. Operations that cannot be metered are denied to a team that
 * weir.yaml does not allow them.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asIfDirect, comparable } from "../../support/conformance/comparable.ts";
import type { ClientOperation } from "../../support/conformance/operation.ts";
import { RowBook } from "../../support/conformance/row-book.ts";
import { everyDialect, Stage } from "../../support/conformance/stage.ts";
import { anthropicOperations } from "./operations/anthropic.ts";
import { googleOperations } from "./operations/google.ts";
import { openaiFiles } from "./operations/openai-files.ts";
import { openaiMedia, streamBehindFile } from "./operations/openai-media.ts";
import { openaiOperations } from "./operations/openai.ts";

const operations: readonly ClientOperation[] = [
  ...openaiOperations,
  ...openaiMedia,
  ...openaiFiles,
  ...anthropicOperations,
  ...googleOperations,
];

let stage: Stage;
const book = new RowBook();

beforeAll(async () => {
  stage = await Stage.start((url) => ({
    ...everyDialect(url),
    teams: [{ id: "open", unmeteredOperations: ["*"] }, { id: "strict" }],
    people: [
      { id: "ada", team: "open", roles: ["employee", "admin"] },
      { id: "bob", team: "strict" },
    ],
  }));
});

afterAll(async () => {
  await stage.end();
});

test.each(operations.filter(({ isOfModels }) => !isOfModels))("$name", async ({ name, run }) => {
  const { direct, through } = await stage.both(run);
  book.add(name, through);
  expect(direct.answers.length).toBeGreaterThan(0);
  expect(direct.failed).toBe(/refused|not there/.test(name));
  expect(comparable(asIfDirect(through, direct))).toEqual(comparable(direct));
});

test.each(operations.filter(({ isOfModels }) => isOfModels))("$name", async ({ run }) => {
  const { direct, through } = await stage.both(run);
  expect(namesIn(direct.shown).length).toBeGreaterThan(0);
  expect(namesIn(through.shown)).toEqual(expect.arrayContaining(namesIn(direct.shown)));
  expect(through.answers.map(({ status }) => status)).toEqual(
    direct.answers.map(({ status }) => status),
  );
});

/** Names of models, or the classes of an error. */
function namesIn(shown: unknown): unknown[] {
  if (Array.isArray(shown)) return shown.flatMap(namesIn);
  if (typeof shown !== "object" || shown === null) return [];
  return ["id", "name", "classes"].flatMap((member) => Reflect.get(shown, member) ?? []);
}

test("a form that decides behind its file is refused, and says what to do", async () => {
  const { shown, answers } = await stage.observe(streamBehindFile.run);
  expect(answers.map(({ status }) => status)).toEqual([400]);
  expect(JSON.stringify(shown)).toContain("Send the field 'stream' before the file");
});

describe("a team that is not allowed what cannot be metered", () => {
  let key: string;

  beforeAll(async () => {
    key = await stage.keyOf("bob");
  });

  test.each(operations.filter(({ isUnmetered }) => isUnmetered))("$name", async ({ run }) => {
    const { failed, shown, received, answers } = await stage.observe(run, key);
    expect(failed).toBe(true);
    expect(received).toEqual([]);
    expect(answers.map(({ status }) => status)).toEqual([expect.toBeOneOf([402, 403])]);
    expect(JSON.stringify(shown)).toContain("unmeteredOperations in weir.yaml");
  });
});

test("the rows equal the provider's bill, call by call and to the token", async () => {
  const rows = await stage.rows();
  expect(book.recorded(rows)).toEqual(book.billed());
});
