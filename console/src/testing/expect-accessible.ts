import axe from "axe-core";
import { expect } from "vitest";

const tags = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

async function violations(scheme: "light" | "dark"): Promise<string[]> {
  document.documentElement.dataset["mantineColorScheme"] = scheme;
  const { violations: found } = await axe.run(document.body, { runOnly: tags });
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${scheme}: ${id}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`),
  );
}

/** Finished transitions, then axe over the whole page, in light and in dark. */
export async function expectAccessible(): Promise<void> {
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  expect([...(await violations("light")), ...(await violations("dark"))]).toEqual([]);
}
