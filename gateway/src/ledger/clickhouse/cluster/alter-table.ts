import { localName, onCluster } from "./names.ts";
import { replicatedSettings } from "./settings.ts";
import { indexOfKeyword, splitAtCommas } from "./split-top-level.ts";

/**
 * An ALTER of the local tables and, of what concerns columns, of the Distributed one. Settings go in
 * a statement of their own: a replica does not pass them on, so that each node has to be told, and
 * ON CLUSTER tells every node only an ALTER of nothing but settings.
 */
export function alterStatements(table: string, body: string, cluster: string): string[] {
  const on = onCluster(cluster);
  const settingsAt = indexOfKeyword(body, "SETTINGS");
  const querySettings = settingsAt === -1 ? "" : ` ${body.slice(settingsAt).trim()}`;
  const commands = splitAtCommas(settingsAt === -1 ? body : body.slice(0, settingsAt));
  const isSetting = (command: string) => /^(MODIFY|RESET) SETTING\b/i.test(command);
  const forData = commands.filter((command) => !isSetting(command));
  const forColumns = forData.filter((command) =>
    /^(ADD|MODIFY|DROP|COMMENT) COLUMN\b/i.test(command),
  );
  const forSettings = commands
    .filter(isSetting)
    .map((command) => command.replace(/^MODIFY SETTING\s+/i, "MODIFY SETTING\0").split("\0"))
    .map(([verb, settings = ""]) =>
      `${verb} ${replicatedSettings(splitAtCommas(settings)).join(", ")}`.trim(),
    );
  const alter = (target: string, parts: readonly string[], end = "") =>
    parts.length === 0 ? [] : [`ALTER TABLE ${target} ${on}\n    ${parts.join(",\n    ")}${end}`];
  return [
    ...alter(localName(table), forData, querySettings),
    ...alter(localName(table), forSettings),
    ...alter(table, forColumns),
  ];
}
