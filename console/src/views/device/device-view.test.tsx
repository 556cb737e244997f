import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { nowMs } from "../../testing/fixtures.ts";
import { renderConsole } from "../../testing/render-console.tsx";

const device = {
  deviceName: "laptop",
  requestedAtMs: nowMs - 30_000,
  expiresAtMs: nowMs + 500_000,
  keyLifetimeMs: 43_200_000,
};

test("a typed code shows what the device would get, and nothing is granted before the answer", async () => {
  const { asked } = await renderConsole("/device", { findDevice: device });
  await page.getByRole("textbox").fill("wdjb-mjht");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect.element(page.getByText("12 hours")).toBeVisible();
  await expect.element(page.getByText("Did you just run weir login yourself?")).toBeVisible();
  const decisions = () => asked.filter(({ url }) => url.endsWith("/decide"));
  expect(decisions()).toEqual([]);
  await expectAccessible();
  await page.getByRole("button", { name: "Yes, sign it in" }).click();
  await expect.element(page.getByText("The device is signed in.")).toBeVisible();
  expect(await decisions()[0]?.json()).toEqual({ userCode: "WDJB-MJHT", approve: true });
  expect(decisions()[0]?.headers.get("x-weir-csrf")).toBe("1");
});

test("a code in the address fills nothing in and asks nothing", async () => {
  const { asked } = await renderConsole("/device?user_code=WDJB-MJHT", { findDevice: device });
  await expect.element(page.getByRole("textbox")).toHaveValue("");
  expect(asked.filter(({ url }) => url.includes("device-login"))).toEqual([]);
});

test("a refused device is told of as refused", async () => {
  const { asked } = await renderConsole("/device", { findDevice: device });
  await page.getByRole("textbox").fill("WDJBMJHT");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Refuse" }).click();
  await expect.element(page.getByText("The device was refused.")).toBeVisible();
  expect(await asked.at(-1)?.json()).toMatchObject({ approve: false });
});

test("a wrong code says so, and can be corrected", async () => {
  await renderConsole("/device");
  await page.getByRole("textbox").fill("BBBBCCCC");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect.element(page.getByText(/No such code/)).toBeVisible();
  await expect.element(page.getByRole("textbox")).toBeVisible();
  await expectAccessible();
});
