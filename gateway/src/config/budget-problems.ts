import { Value } from "typebox/value";
import { BudgetSetting } from "./budget-setting.ts";
import { isRecord } from "./read-file.ts";
import type { SchemaProblem } from "./schema-problems.ts";

/** What a budget's schema cannot say. */
export function budgetProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const budgets: unknown[] = Array.isArray(values["budgets"]) ? values["budgets"] : [];
  return budgets.flatMap((item, index) => {
    if (!isRecord(item) || !Value.Check(BudgetSetting, item)) return [];
    const problem = (field: string, message: string) => ({
      path: ["budgets", index, field],
      message,
    });
    const problems: SchemaProblem[] = [];
    if (item.unit === "concurrency" && item.window !== undefined) {
      problems.push(problem("window", "means nothing for concurrency: leave it out"));
    }
    if (item.unit !== "concurrency" && item.window === undefined) {
      problems.push(problem("window", "is missing: minute, hour, day, week or month"));
    }
    if (item.unit !== "usd" && !Number.isInteger(item.limit)) {
      problems.push(problem("limit", `must be a whole number of ${item.unit}`));
    }
    if (!isTimeZone(item.timeZone)) {
      problems.push(problem("timeZone", "is no time zone. Use an IANA name such as Europe/Berlin"));
    }
    return problems;
  });
}

/** Where shared counters are: a password there would show in `weir config check`. */
export function valkeyProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const limits = values["limits"];
  const text = isRecord(limits) ? limits["valkeyUrl"] : undefined;
  if (typeof text !== "string" || text === "") return [];
  const problem = (message: string) => [{ path: ["limits", "valkeyUrl"], message }];
  const url = URL.parse(text);
  if (url === null || !["redis:", "rediss:"].includes(url.protocol)) {
    return problem("is not the URL of a Valkey, like redis://127.0.0.1:6379 or rediss:// with TLS");
  }
  if (url.password === "") return [];
  return problem("must not hold a password. Put it into the variable of limits.valkeyPasswordEnv");
}

function isTimeZone(timeZone: string): boolean {
  try {
    return !/^[+-]/.test(new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone);
  } catch {
    return false;
  }
}
