import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Runs a script on this Node, which says that it is another. */
function runAs(version: string, script: string) {
  const fake = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  const preload = `data:text/javascript,${encodeURIComponent(fake)}`;
  const file = join(import.meta.dirname, script);
  return spawnSync(process.execPath, ["--import", preload, file, "--version"], {
    encoding: "utf8",
  });
}

test.each(["weir.mjs", "test.mjs"])(
  "%s refuses an old Node in one line that says what to do",
  (script) => {
    for (const version of ["12.22.12", "18.20.8"]) {
      const { status, stdout, stderr } = runAs(version, script);
      expect(status).toBe(1);
      expect(stdout).toBe("");
      expect(stderr).toBe(
        `weir: Node.js ${version} is too old: Weir needs Node.js 20 or newer. ` +
          "Install a current one (https://nodejs.org/en/download), then run the same command again.\n",
      );
    }
  },
);

test("Node 20 is taken", () => {
  const { status, stdout } = runAs("20.0.0", "weir.mjs");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each(["weir.mjs", "test.mjs", "check-node.mjs"])(
  "%s holds nothing that Node 12 cannot parse",
  (script) => {
    const text = readFileSync(join(import.meta.dirname, script), "utf8");
    expect(text).not.toMatch(/\?\.|\?\?|from "node:|^await |#[a-z]|\d_\d/m);
  },
);
