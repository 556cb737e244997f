import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clientEnvironment } from "./client-environment.ts";
import { consoleOrigin } from "./device-flow.ts";
import { loginFile, readLogin, writeLogin } from "./stored-login.ts";

const login = {
  consoleUrl: "http://127.0.0.1:7778",
  gatewayUrl: "http://127.0.0.1:7777/it's$(id)",
  key: "weir_key",
  expiresAtMs: 1,
};

test("the key is kept for its owner alone, in the folder of XDG, and read again", async () => {
  const home = await mkdtemp(join(tmpdir(), "weir-home-"));
  try {
    const path = loginFile({ XDG_CONFIG_HOME: home });
    expect(path).toBe(join(home, "weir", "login.json"));
    await writeLogin(path, login);
    await writeLogin(path, login);
    // oxlint-disable-next-line no-bitwise -- the bits of a file's mode
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readLogin(path)).toEqual(login);
    expect(await readLogin(join(home, "none"))).toBeNull();
  } finally {
    await rm(home, { recursive: true });
  }
});

test("a relative XDG_CONFIG_HOME is ignored, as its specification asks", () => {
  expect(loginFile({ XDG_CONFIG_HOME: "x", HOME: "/home/ada" })).toBe(
    "/home/ada/.config/weir/login.json",
  );
});

test("what a shell evaluates runs nothing, whatever the address holds", () => {
  const script = `${clientEnvironment(login)}printf %s "$ANTHROPIC_BASE_URL"`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(login.gatewayUrl);
});

test.each([
  "http://weir.example.com",
  "ftp://127.0.0.1",
  "weir.example.com",
  "http://127.0.0.1.evil.example",
])("nobody signs in at %s, over which a key could be read", (url) => {
  expect(() => consoleOrigin(url)).toThrow("is not the address of a console");
});

test.each(["https://weir.example.com/x", "http://localhost:7778", "http://[::1]:1"])(
  "%s is an address to sign in at",
  (url) => {
    expect(consoleOrigin(url)).toBe(new URL(url).origin);
  },
);
