import { faultsOf } from "./judge.ts";
import { isBilledExactly, type Seen, showsDenial, statusesOf } from "./seen.ts";

/** The table of all turns, in Markdown. */
export function table(all: readonly Seen[]): string {
  const head = [
    "| client | wire | turn | POSTs: status | exit | our message shown | rows = bill | seconds |",
    "|---|---|---|---|---|---|---|---|",
  ];
  return `${[...head, ...all.map(line)].join("\n")}\n`;
}

function line(seen: Seen): string {
  const { turn, rows, finished } = seen;
  const { client, scenario } = turn;
  const shown = scenario === "denied" ? yesNo(showsDenial(seen)) : "–";
  const faults = faultsOf(seen);
  const cells = [
    client.name,
    client.wire,
    scenario === "denied" && client.soft ? "denied, soft" : scenario,
    `${rows.length}: ${statusesOf(seen).join(", ")}`,
    finished.exitCode ?? "killed",
    shown,
    yesNo(isBilledExactly(seen)),
    (finished.tookMs / 1_000).toFixed(1),
  ];
  const wrong = faults.length === 0 ? "" : ` **${faults.join("; ")}**`;
  return `| ${cells.join(" | ")} |${wrong}`;
}

function yesNo(is: boolean): string {
  return is ? "yes" : "**no**";
}
