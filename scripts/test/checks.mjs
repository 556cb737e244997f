import { runTool } from "./tool.mjs";

const checks = [
  { name: "format", tool: "oxfmt", args: ["--check", "."] },
  { name: "lint", tool: "oxlint", args: ["--deny-warnings"] },
  { name: "types", tool: "tsc", args: ["--noEmit", "-p", "tsconfig.json"] },
  { name: "console types", tool: "tsc", args: ["--noEmit", "-p", "console/tsconfig.json"] },
];

/** What needs no test: format, lint, types. Each counts as one. */
export async function runChecks() {
  const failed = [];
  for (const { name, tool, args } of checks) {
    if ((await runTool(tool, args)) !== 0) failed.push(name);
  }
  const notes = failed.map((name) => `${name} failed`);
  return {
    kind: "checks",
    passed: checks.length - failed.length,
    failed: failed.length,
    skipped: 0,
    notes,
  };
}
