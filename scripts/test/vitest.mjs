import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { root } from "../bootstrap/paths.mjs";
import { runTool } from "./tool.mjs";

/** Runs one of vitest's projects and counts its tests. */
export async function runVitest(kind) {
  const scratch = mkdtempSync(join(tmpdir(), "weir-vitest-"));
  const file = join(scratch, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const code = await runTool("vitest", ["run", "--project", kind, ...reporters]);
    return count(kind, readReport(file), code);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** A file that cannot even be loaded has no test that could fail, and counts as a failure itself. */
export function count(kind, report, code) {
  if (report === null) {
    return { kind, passed: 0, failed: 1, skipped: 0, notes: ["vitest ended without a report"] };
  }
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const withStatus = (status) => tests.filter((test) => test.status === status).length;
  const passed = withStatus("passed");
  const failedTests = withStatus("failed");
  const broken = report.testResults.filter(
    (file) =>
      file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  );
  const notes = broken.map((file) => `${relative(root, file.name)} could not be run`);
  let failed = failedTests + broken.length;
  if (failed === 0 && code !== 0) {
    notes.push(tests.length === 0 ? "no test ran" : `vitest ended with ${code}: see above`);
    failed = 1;
  }
  return { kind, passed, failed, skipped: tests.length - passed - failedTests, notes };
}
