import { spawn } from "node:child_process";
import { once } from "node:events";
import type { StoreFixture } from "./control-fixture.ts";

/** Where a process can be killed on the way of a change into the store. */
export const actingSteps = ["recorded, not committed", "committed, not published"] as const;
export type ActingStep = (typeof actingSteps)[number];

const script = (step: ActingStep) => `
const { randomBytes } = await import("node:crypto");
const { openStore } = await import(${JSON.stringify(import.meta.resolve("../store/open-store.ts"))});
const { verbs } = await import(${JSON.stringify(import.meta.resolve("./verbs.ts"))});
const [name, prepared, target, nowMs] = process.argv.slice(1);
const die = () => process.kill(process.pid, "SIGKILL");
const logging = new WeakSet();
const dying = {
  transformQuery: ({ node, queryId }) => {
    const table = node.kind === "InsertQueryNode" ? node.into.table.identifier.name : "";
    if (/^admin_?log$/i.test(table)) logging.add(queryId);
    return node;
  },
  transformResult: async ({ result, queryId }) => {
    if (${step === "recorded, not committed"} && logging.has(queryId)) die();
    return result;
  },
};
const store = (await openStore(target)).withPlugin(dying);
const clock = { nowMs: Number(nowMs) };
const context = { store, actor: "command-line", now: () => clock.nowMs, randomBytes };
await verbs[name].act({ store, clock, context }, prepared);
die();
`;

/**
 * Does a verb of the table in a process that kills itself at the step: with the first row of the
 * admin log written and nothing committed, or right after all is.
 * @returns the signal that ended it.
 */
export async function actAndDie(
  { target, clock }: StoreFixture,
  verb: { readonly name: string; readonly prepared: string },
  step: ActingStep,
): Promise<NodeJS.Signals | null> {
  const flags = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval"];
  const values = [verb.name, verb.prepared, target, String(clock.nowMs)];
  const child = spawn(process.execPath, [...flags, script(step), "--", ...values], {
    stdio: "inherit",
  });
  await once(child, "exit");
  return child.signalCode;
}
