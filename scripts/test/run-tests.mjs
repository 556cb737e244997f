import { ensureConsole } from "../bootstrap/console.mjs";
import { BootstrapFault, say } from "../bootstrap/fault.mjs";
import { ensureInstalled } from "../bootstrap/install.mjs";
import { chooseNode } from "../bootstrap/platform.mjs";
import { ensureChromium } from "./chromium.mjs";
import { ensurePostgres } from "./postgres.mjs";
import { runChecks } from "./checks.mjs";
import { runPolicyTests } from "./policy-tests.mjs";
import { formatSummary, isGood } from "./summary.mjs";
import { ensureValkey } from "./valkey.mjs";
import { runVitest } from "./vitest.mjs";

const kinds = [
  "checks",
  "policy",
  "unit",
  "service",
  "service-server",
  "service-postgres",
  "browser",
  "system",
];

/**
 * Installs what tests need, runs every kind of test, or those named, and ends with a table and a
 * line `N passed, N failed`. Fails when a test failed, or none ran.
 */
export async function runTests(wanted) {
  const unknown = wanted.filter((kind) => !kinds.includes(kind));
  if (unknown.length > 0) {
    say(`there is no kind of test called ${unknown.join(", ")}. Known: ${kinds.join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const results = await runKinds(wanted.length === 0 ? kinds : wanted);
  process.stdout.write(formatSummary(results));
  process.exitCode = isGood(results) ? 0 : 1;
}

async function runKinds(wanted) {
  const results = [];
  try {
    const node = chooseNode();
    await ensureInstalled(node);
    if (wanted.includes("browser") || wanted.includes("system")) {
      await ensureChromium();
      await ensureConsole(node);
    }
    if (wanted.includes("service-postgres")) await ensurePostgres();
    if (wanted.includes("service") || wanted.includes("system")) await ensureValkey();
    for (const kind of wanted) {
      process.stdout.write(`\n== ${kind}\n`);
      results.push(await runKind(kind, node));
    }
  } catch (error) {
    if (!(error instanceof BootstrapFault)) throw error;
    say(error.message);
    results.push({ kind: "set-up", passed: 0, failed: 1, skipped: 0, notes: [error.message] });
  }
  return results;
}

function runKind(kind, node) {
  if (kind === "checks") return runChecks();
  if (kind === "policy") return runPolicyTests(node);
  return runVitest(kind);
}
