/** The tables of translation as the documentation shows them. */
import { chatTables } from "./chat/members.ts";
import type { Fate, MemberTable } from "./fate.ts";
import { messagesTables, refusedBlocks } from "./messages/members.ts";

function cell(fate: Fate): string {
  if (fate.fate === "carried") return fate.how;
  if (fate.fate === "dropped") return `left out. ${fate.reason}`;
  const allowed = fate.harmless.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  return `**refused**${allowed === "" ? "" : ` unless ${allowed}`}: ${fate.advice}`;
}

function section<Target extends string>(
  tables: readonly (readonly [string, MemberTable<Target>])[],
  columns: readonly (readonly [target: Target, title: string])[],
): string {
  const rows = tables.flatMap(([path, table]) =>
    Object.entries(table).map(([member, fates]) => {
      const cells = columns.map(([target]) => cell(fates[target]));
      return `| \`${path}${member}\` | ${cells.join(" | ")} |`;
    }),
  );
  return [
    `| member | ${columns.map(([, title]) => title).join(" | ")} |`,
    `| --- | ${columns.map(() => "---").join(" | ")} |`,
    ...rows,
  ].join("\n");
}

/** Markdown: one table for each dialect that a client may speak. */
export function translationTables(): string {
  const blocks = Object.entries(refusedBlocks).map(
    ([type, advice]) => `| \`${type}\` | ${advice} |`,
  );
  return [
    "### Chat completions in",
    section(chatTables, [
      ["anthropic", "to Anthropic"],
      ["gemini", "to Gemini"],
    ]),
    "### Messages in",
    section(messagesTables, [
      ["openai", "to an OpenAI-compatible"],
      ["gemini", "to Gemini"],
    ]),
    "Blocks of these types are **refused** in either direction:",
    ["| block | what to do |", "| --- | --- |", ...blocks].join("\n"),
  ].join("\n\n");
}
