import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createControlFixture } from "./testing/control-fixture.ts";

const headers = { host: "127.0.0.1:7778" };

async function builtConsole(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), "weir-console-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  await writeFile(join(parent, "secret.txt"), "outside");
  const directory = join(parent, "dist");
  await mkdir(join(directory, "assets"), { recursive: true });
  await writeFile(join(directory, "index.html"), "<!doctype html><title>Weir</title>");
  await writeFile(join(directory, "favicon.svg"), "<svg/>");
  await writeFile(join(directory, "assets", "index-abc123.js"), "export {};");
  return directory;
}

test("every page path gets index.html, which is always asked for afresh", async () => {
  await using fixture = await createControlFixture({ consoleDirectory: await builtConsole() });
  for (const url of ["/", "/decisions", "/decisions/some-id?show=denied", "/apish"]) {
    const answer = await fixture.app.inject({ url, headers });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toContain("text/html");
    expect(answer.headers["cache-control"]).toBe("no-cache");
    expect(answer.body).toContain("<title>Weir</title>");
  }
});

test("hashed assets are kept for ever, other files are not", async () => {
  await using fixture = await createControlFixture({ consoleDirectory: await builtConsole() });
  const asset = await fixture.app.inject({ url: "/assets/index-abc123.js", headers });
  expect(asset.statusCode).toBe(200);
  expect(asset.headers["content-type"]).toContain("javascript");
  expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  const icon = await fixture.app.inject({ url: "/favicon.svg", headers });
  expect(icon.headers["cache-control"]).toBe("no-cache");
});

test("a missing asset is 404 and never a page, so that an old page fails loudly", async () => {
  await using fixture = await createControlFixture({ consoleDirectory: await builtConsole() });
  const answer = await fixture.app.inject({ url: "/assets/index-old.js", headers });
  expect(answer.statusCode).toBe(404);
  expect(answer.headers["content-type"]).toContain("application/problem+json");
});

test.each([
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/assets/..%2f..%2fsecret.txt",
  "/..\\secret.txt",
])("nothing outside the console's folder is served for %s", async (url) => {
  await using fixture = await createControlFixture({ consoleDirectory: await builtConsole() });
  const answer = await fixture.app.inject({ url, headers });
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.body).not.toContain("outside");
});

test("without a built console the page says what to do", async () => {
  await using fixture = await createControlFixture();
  const answer = await fixture.app.inject({ url: "/", headers });
  expect(answer.statusCode).toBe(503);
  expect(answer.body).toContain("npm start");
});

test("pages may run our own script files only, and are never framed", async () => {
  await using fixture = await createControlFixture({ consoleDirectory: await builtConsole() });
  const answer = await fixture.app.inject({ url: "/", headers });
  const policy = String(answer.headers["content-security-policy"]);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("upgrade-insecure-requests");
  expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  expect(answer.headers["strict-transport-security"]).toBeUndefined();
});
