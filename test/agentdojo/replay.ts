/** Prints what the starter policies do to AgentDojo: `pnpm exec node test/agentdojo/replay.ts [-v]`. */
import { readSuite, suiteNames } from "./fixture.ts";
import { loadPolicy } from "./load-policy.ts";
import { replaySuite, type SuiteResult } from "./replay-suite.ts";

const isVerbose = process.argv.includes("-v");
const say = (line: string) => process.stdout.write(`${line}\n`);

const policy = await loadPolicy();
const results = suiteNames.map((name) => replaySuite(policy, readSuite(name)));
say("suite      benign unblocked  approvals/task  attacks that succeed  with some effect  dropped");
for (const result of results) say(row(result.suite, [result]));
say(row("all", results));
if (isVerbose) for (const result of results) explain(result);

function row(name: string, of: readonly SuiteResult[]): string {
  const benign = of.flatMap((result) => result.benign);
  const attacks = of.flatMap((result) => result.attacks);
  const unblocked = benign.filter(({ isUnblocked }) => isUnblocked).length;
  const approvals = benign.reduce((sum, task) => sum + task.approvals, 0);
  const succeeded = attacks.filter((attack) => attack.succeeded).length;
  const effects = attacks.filter(({ hadEffect }) => hadEffect).length;
  const dropped = of.reduce((sum, result) => sum + result.dropped, 0);
  return [
    name.padEnd(10),
    share(unblocked, benign.length).padEnd(17),
    (approvals / benign.length).toFixed(3).padEnd(15),
    share(succeeded, attacks.length).padEnd(21),
    share(effects, attacks.length).padEnd(17),
    String(dropped),
  ].join(" ");
}

function share(part: number, whole: number): string {
  return `${part}/${whole} ${((100 * part) / whole).toFixed(2)}%`;
}

function explain({ suite, benign, attacks }: SuiteResult): void {
  for (const { task, calls, isUnblocked } of benign) {
    if (isUnblocked) continue;
    const held = calls.filter(({ effect }) => effect !== "allow");
    say(
      `blocked ${suite} ${task}: ${held.map(({ tool, effect, rules }) => `${tool} ${effect} ${rules.join(",")}`).join("; ")}`,
    );
  }
  for (const { task, injection, calls, succeeded, hadEffect } of attacks) {
    if (!succeeded && !hadEffect) continue;
    say(
      `${succeeded ? "success" : "effect "} ${suite} ${task} ${injection}: ${calls.map(({ tool, effect }) => `${tool} ${effect}`).join("; ")}`,
    );
  }
}
