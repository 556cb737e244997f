// The real view in a real browser, over a `fetch` stand-in with contract-shaped fixtures.
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { nowMs } from "../../testing/fixtures.ts";
import { triageGrant } from "../../testing/grant-fixtures.ts";
import { problem, renderConsole } from "../../testing/render-console.tsx";

const row = (name: string) => page.getByRole("row", { name: new RegExp(`^${name} `) });

test("agents are listed with whose they are, what for, and whether they still may", async () => {
  await renderConsole("/agents");
  await expect
    .element(row("triage of bob"))
    .toMatchTextContent(/Live.*Call models · sim-\* · tools read_file · may be handed on once/);
  await expect.element(row("nightly \\(service\\)")).toMatchTextContent(/Revoked.*Not yet/);
  expect(document.title).toBe("Agents · Weir");
  await expectAccessible();
});

test("a grant is made as the form says, and no more than that", async () => {
  const { asked } = await renderConsole("/agents");
  await page.getByRole("textbox", { name: /^Agent/ }).fill("bob/triage");
  await page.getByLabelText("Tools").fill("read_file, list_*");
  await page.getByRole("button", { name: "Grant", exact: true }).click();
  await expect.poll(() => asked.some(({ method }) => method === "POST")).toBe(true);
  const sent = asked.find(({ method }) => method === "POST");
  expect(sent?.headers.get("x-weir-csrf")).toBe("1");
  expect(await sent?.json()).toEqual({
    agent: "bob/triage",
    scopes: ["llm:call"],
    tools: ["read_file", "list_*"],
    maxHops: 0,
    untilMs: nowMs + 7 * 86_400_000,
  });
});

test("an agent is stopped only after a second click", async () => {
  const { asked } = await renderConsole("/agents");
  await page.getByRole("button", { name: "Revoke triage of bob" }).click();
  expect(asked.some(({ method }) => method === "DELETE")).toBe(false);
  await page.getByRole("button", { name: "Stop triage of bob for good" }).click();
  await expect
    .poll(() => asked.find(({ method }) => method === "DELETE")?.url)
    .toBe(`http://console.test/api/me/grants/${triageGrant.id}`);
});

test("without any grant it says so; a refusal is told in the server's words", async () => {
  await renderConsole("/agents", {
    grants: { grants: [] },
    changeGrant: () => problem(404, "No such person", "WEIR_PERSON_NOT_FOUND"),
  });
  await expect.element(page.getByText("No agent may act for you")).toBeVisible();
  await expectAccessible();
  await page.getByRole("textbox", { name: /^Agent/ }).fill("nobody/x");
  await page.getByRole("button", { name: "Grant", exact: true }).click();
  await expect.element(page.getByRole("alert")).toMatchTextContent(/No such person/);
});
