/**
 * Reads Prometheus' text format 0.0.4 as strictly as its own linter: every line must be one that
 * the format knows, every sample must belong to the family announced before it.
 */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: { name: string; labels: Record<string, string>; value: number }[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"],
};

/** @throws Error at the first line that is not valid. */
export function parseMetrics(text: string): Family[] {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const families = new Map<string, { -readonly [K in keyof Family]: Family[K] }>();
  let current: { -readonly [K in keyof Family]: Family[K] } | undefined;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === "HELP" && name !== undefined && rest !== undefined) {
      if (families.has(name)) throw new Error(`${name} is announced twice`);
      current = { name, help: rest, type: "", samples: [] };
      families.set(name, current);
    } else if (kind === "TYPE" && current?.name === name && rest !== undefined && current) {
      current.type = rest;
    } else addSample(current, line);
  }
  for (const family of families.values()) checkFamily(family);
  return [...families.values()];
}

function addSample(family: Family | undefined, line: string): void {
  const [, name = "", labelText = "", valueText = ""] = SAMPLE.exec(line) ?? [];
  const allowed = suffixes[family?.type ?? ""]?.map((suffix) => `${family?.name}${suffix}`);
  if (!family || !allowed?.includes(name)) throw new Error(`no sample of its family: ${line}`);
  const value = valueText === "+Inf" ? Number.POSITIVE_INFINITY : Number(valueText);
  if (Number.isNaN(value) && valueText !== "NaN") throw new Error(`no number: ${line}`);
  family.samples.push({ name, labels: parseLabels(labelText, line), value });
}

function parseLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (match === null) throw new Error(`labels are not valid: ${line}`);
    const [, name = "", value = ""] = match;
    if (name in labels) throw new Error(`label ${name} twice: ${line}`);
    labels[name] = value.replaceAll(/\\(["\\n])/g, (_, escaped) =>
      escaped === "n" ? "\n" : escaped,
    );
  }
  return labels;
}

function checkFamily({ name, type, samples }: Family): void {
  const series = samples.map((sample) => JSON.stringify([sample.name, sample.labels]));
  if (new Set(series).size !== series.length) throw new Error(`${name} has a series twice`);
  if (type === "counter" && samples.some(({ value }) => value < 0)) {
    throw new Error(`${name} counts below zero`);
  }
  if (type === "histogram") checkBuckets(name, samples);
}

/** Cumulative, up to +Inf, which is the count. */
function checkBuckets(name: string, samples: Family["samples"]): void {
  const rows = new Map<string, number[]>();
  for (const sample of samples) {
    const row = JSON.stringify(Object.entries(sample.labels).filter(([label]) => label !== "le"));
    const counts = rows.get(row) ?? [];
    if (sample.name === `${name}_bucket`) {
      if (sample.value < (counts.at(-1) ?? 0)) throw new Error(`${name} is not cumulative`);
      rows.set(row, [...counts, sample.value]);
    } else if (sample.name === `${name}_count` && sample.value !== counts.at(-1)) {
      throw new Error(`${name} has a count other than its +Inf bucket`);
    }
  }
}
