const INFO = 30;
const WARN = 40;
const levelNames: Readonly<Record<number, string>> = { 40: "warning", 50: "error", 60: "fatal" };
const hidden = new Set(["level", "time", "pid", "hostname", "process", "msg", "err", "child"]);

/** One line of a pino log for people; null for what they need not see. */
export function formatLogLine(line: string, isVerbose: boolean): string | null {
  const entry = parse(line);
  if (entry === null) return line;
  const level = typeof entry["level"] === "number" ? entry["level"] : INFO;
  if (level < (isVerbose ? INFO : WARN)) return null;
  const time = typeof entry["time"] === "number" ? new Date(entry["time"]) : new Date(0);
  const clock = time.toTimeString().slice(0, 8);
  const fields = Object.entries(entry)
    .filter(([name]) => !hidden.has(name))
    .map(([name, value]) => `${name}=${text(value)}`);
  const parts = [clock, text(entry["process"]) || "weir", levelNames[level] ?? "info"];
  const words = [...parts, text(entry["msg"]), ...fields, reason(entry["err"])];
  return words.filter((part) => part !== "").join("  ");
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : null;
  } catch {
    return null;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function reason(error: unknown): string {
  if (typeof error !== "object" || error === null || !("message" in error)) return "";
  return `(${String(error.message)})`;
}
