import { execFile } from "node:child_process";
import { join } from "node:path";
import { root } from "../bootstrap/paths.mjs";

const MAX_OUTPUT_BYTES = 16_777_216;

/** The tests in Rego of the starter policies, counted one by one. */
export async function runPolicyTests(node) {
  const main = join(root, "gateway", "src", "main.ts");
  const directory = join(root, "policies", "weir");
  const args = ["--disable-warning=ExperimentalWarning", main, "policy", "test", "--json"];
  const text = await new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: MAX_OUTPUT_BYTES };
    execFile(node, [...args, "--dir", directory], options, (_, stdout, stderr) => {
      process.stderr.write(stderr);
      resolve(stdout);
    });
  });
  return count(text);
}

function count(text) {
  const kind = "policy";
  try {
    const { tests = [], errors = [] } = JSON.parse(text);
    const failed = tests.filter(({ outcome }) => outcome === "fail" || outcome === "error");
    const skipped = tests.filter(({ outcome }) => outcome === "skip").length;
    const notes = [
      ...failed.map((test) => `${test.file}:${test.row} ${test.package}.${test.name} failed`),
      ...errors.map((error) => `${error.file}:${error.row}:${error.column} ${error.message}`),
    ];
    const passed = tests.length - failed.length - skipped;
    process.stdout.write(`${passed} of ${tests.length} passed\n`);
    return { kind, passed, failed: failed.length + errors.length, skipped, notes };
  } catch {
    return { kind, passed: 0, failed: 1, skipped: 0, notes: ["the policy tests gave no result"] };
  }
}
