/** Prints what the starter policies do to AgentDojo: `pnpm exec node test/agentdojo/replay.ts [-v]`. */
import { adaptiveCases } from "./adaptive.ts";
import { deploySuite } from "./deploy-suite.ts";
import { figuresOf } from "./figures.ts";
import { readSuite, suiteNames } from "./fixture.ts";
import { loadPolicy } from "./load-policy.ts";
import { replayAdaptive } from "./replay-adaptive.ts";
import { replaySuite, type SuiteResult } from "./replay-suite.ts";

const isVerbose = process.argv.includes("-v");
const say = (line: string) => process.stdout.write(`${line}\n`);

const policy = await loadPolicy();
const results = suiteNames.map((name) => replaySuite(policy, readSuite(name)));
say("suite      benign unblocked  approvals/task  attacks that succeed  with some effect  dropped");
for (const result of results) say(row(result.suite, [result]));
say(row("all", results));
const own = replaySuite(policy, deploySuite);
say("\nown suite");
say(row(own.suite, [own]));
if (isVerbose) for (const result of [...results, own]) explain(result);
say("\nattackers who have read the policies");
for (const one of adaptiveCases) {
  const { effect, rules } = replayAdaptive(policy, one);
  say(`${effect === "allow" ? "THROUGH" : effect.padEnd(7)} ${one.name} (${rules.join(", ")})`);
}

function row(name: string, of: readonly SuiteResult[]): string {
  const figures = figuresOf(of);
  return [
    name.padEnd(10),
    share(figures.unblocked, figures.benign).padEnd(17),
    (figures.approvals / figures.benign).toFixed(3).padEnd(15),
    share(figures.succeeded, figures.attacks).padEnd(21),
    share(figures.hadEffect, figures.attacks).padEnd(17),
    String(figures.dropped),
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
