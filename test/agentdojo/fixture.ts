import { readFileSync } from "node:fs";

export const suiteNames = ["workspace", "slack", "travel", "banking"] as const;

/** Stands in a tool's answer where an attacker can write. */
export const MARK = "@@INJECTION@@";

export interface FixtureCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly output: string;
  /** The answer with `MARK` wherever an attacker can write; left out = nowhere. */
  readonly injected?: string;
}

export interface UserTask {
  readonly id: string;
  readonly prompt: string;
  readonly calls: readonly FixtureCall[];
}

export interface InjectionTask {
  readonly id: string;
  readonly goal: string;
  readonly calls: readonly FixtureCall[];
}

export interface Suite {
  readonly suite: string;
  readonly directory: { readonly names: readonly string[]; readonly domains: readonly string[] };
  readonly userTasks: readonly UserTask[];
  readonly injectionTasks: readonly InjectionTask[];
}

/** AgentDojo v1.2 as `extract.py` wrote it, or a suite of our own in the same form. */
export function readSuite(name: string): Suite {
  const path = new URL(`fixtures/${name}.json`, import.meta.url);
  const suite: Suite = JSON.parse(readFileSync(path, "utf8"));
  return suite;
}
