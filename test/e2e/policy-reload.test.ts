/** Saving a policy file, as a security engineer does, against a whole running Weir. */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { starterDirectory } from "../../policies/src/starter.ts";
import { startWeir, type RunningWeir } from "../support/start-weir.ts";

let directory: string;
let weir: RunningWeir;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "weir-policies-"));
  await cp(starterDirectory, directory, { recursive: true });
  weir = await startWeir({ config: { policies: { directory } } });
});

afterAll(async () => {
  await weir.stop();
  await rm(directory, { recursive: true, force: true });
});

async function call(): Promise<{ status: number; text: string }> {
  const response = await fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${weir.key}` },
    body: JSON.stringify({ model: "sim-echo", messages: [] }),
  });
  return { status: response.status, text: await response.text() };
}

const maintenance = (reason: string) => `package weir.llm_call

findings contains {
	"effect": "deny",
	"id": "maintenance",
	"reason": "${reason}",
	"owner": "platform",
	"message": "${reason}",
	"obligations": [],
} if {
	input.call.model == "sim-echo"
}
`;

const within = { timeout: 30_000, interval: 100 };
const file = () => join(directory, "llm_call", "maintenance.rego");

test("a saved rule is in force on the proxy without a restart", async () => {
  expect((await call()).status).toBe(200);
  await writeFile(file(), maintenance("Closed for today."));
  await expect.poll(async () => (await call()).text, within).toContain("Closed for today.");
});

test("a broken one, and one whose tests fail, change nothing and say why; a mended one takes over", async () => {
  await writeFile(file(), "package weir.llm_call\n\nfindings contains {");
  await expect.poll(() => weir.output(), within).toMatch(/maintenance\.rego/);
  expect((await call()).text).toContain("Closed for today.");
  const ready = await fetch(`${weir.console}/readyz`);
  expect([ready.status, await ready.text()]).toEqual([200, expect.stringContaining("degraded")]);

  const failing = join(directory, "llm_call", "maintenance_test.rego");
  await writeFile(failing, "package weir.maintenance_test\n\ntest_never if 1 == 2\n");
  await writeFile(file(), maintenance("Never in force."));
  await expect.poll(() => weir.output(), within).toContain("test_never");
  expect((await call()).text).toContain("Closed for today.");

  await rm(failing);
  await writeFile(file(), maintenance("Back tomorrow."));
  await expect.poll(async () => (await call()).text, within).toContain("Back tomorrow.");
});
