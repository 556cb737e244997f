// The real view in a real browser, over a `fetch` stand-in with contract-shaped fixtures.
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { createdKey, laptopKey } from "../../testing/key-fixtures.ts";
import { problem, renderConsole } from "../../testing/render-console.tsx";

const row = (name: string) => page.getByRole("row", { name: new RegExp(`^${name} `) });

test("one's keys are listed with their state, uses and last use, and no secret", async () => {
  await renderConsole("/keys");
  await expect.element(row("laptop")).toMatchTextContent(/weir_a1B2….*Live.*Everything you may do/);
  await expect.element(row("ci")).toMatchTextContent(/Call models · sim-\*.*Not yet/);
  await expect.element(row("old")).toMatchTextContent(/Revoked/);
  await expect
    .element(row("old").getByRole("button", { name: /Rotate|Revoke/ }))
    .not.toBeInTheDocument();
  expect(document.title).toBe("Keys · Weir");
  await expectAccessible();
});

test("a key is made as the form says, shown once, and gone when it has been copied", async () => {
  const { asked } = await renderConsole("/keys");
  await page.getByLabelText(/^What it is for/).fill("new laptop");
  await page.getByLabelText("Models").fill("sim-*, gpt-5*");
  await page.getByLabelText("Files and batches").click();
  await page.getByRole("button", { name: "Create key" }).click();
  await expect.element(page.getByText(createdKey.key)).toBeVisible();
  await expectAccessible();
  const sent = asked.find(({ method }) => method === "POST");
  expect(sent?.headers.get("x-weir-csrf")).toBe("1");
  expect(await sent?.json()).toMatchObject({
    name: "new laptop",
    models: ["sim-*", "gpt-5*"],
    scopes: ["llm:call", "models:list", "passthrough:call"],
  });
  await page.getByRole("button", { name: "I have copied it" }).click();
  await expect.element(page.getByText(createdKey.key)).not.toBeInTheDocument();
  expect(document.documentElement.outerHTML).not.toContain(createdKey.key);
});

test("a key is rotated with a day's overlap, and the new one shown", async () => {
  const { asked } = await renderConsole("/keys");
  await page.getByRole("button", { name: "Rotate laptop" }).click();
  await expect.element(page.getByText(createdKey.key)).toBeVisible();
  const sent = asked.find(({ method }) => method === "POST");
  expect(sent?.url).toContain(`/api/keys/${laptopKey.id}/rotate`);
  expect(await sent?.json()).toEqual({ overlapMs: 86_400_000 });
});

test("revoking asks once more, and a failure is said", async () => {
  const { asked } = await renderConsole("/keys", {
    changeKey: () => problem(503, "The audit log takes no records now", "WEIR_AUDIT_UNAVAILABLE"),
  });
  await page.getByRole("button", { name: "Revoke laptop" }).click();
  expect(asked.some(({ method }) => method === "DELETE")).toBe(false);
  await page.getByRole("button", { name: "Revoke laptop for good" }).click();
  await expect.element(page.getByText("The audit log takes no records now")).toBeVisible();
  expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});
