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

/** Runs axe over the whole page, in light and in dark, for WCAG 2.2 A and AA. */
export async function expectAccessible(): Promise<void> {
  // A colour halfway through a transition has a contrast that no reader ever meets.
  const still = document.createElement("style");
  still.textContent =
    "*, ::before, ::after { transition: none !important; animation: none !important; }";
  document.head.append(still);
  const before = document.documentElement.dataset["mantineColorScheme"] ?? "light";
  try {
    expect([...(await violations("light")), ...(await violations("dark"))]).toEqual([]);
  } finally {
    document.documentElement.dataset["mantineColorScheme"] = before;
    still.remove();
  }
}
