import { ConfigError, type ConfigProblem } from "./problem.ts";
import type { Config } from "./schema.ts";
import { readVariable } from "./secrets.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The URL of the PostgreSQL that holds the control store, maybe with a password: from the variable
 * that `control.databaseUrlEnv` names, or the file of `<NAME>_FILE`, else `control.databaseUrl`.
 *
 * @returns empty for SQLite in the data directory. @throws ConfigError that never tells the URL.
 */
export function readDatabaseUrl(config: Pick<Config, "control">, env: Environment): string {
  const { url, problems } = collectDatabaseUrl(config, env);
  if (problems.length > 0) throw new ConfigError(problems);
  return url;
}

/** As {@link readDatabaseUrl}, with the problems in the result. */
export function collectDatabaseUrl(
  { control }: Pick<Config, "control">,
  env: Environment,
): { readonly url: string; readonly problems: readonly ConfigProblem[] } {
  const source = control.databaseUrlEnv;
  const read = readVariable(source, env);
  const failed = (message: string) => ({
    url: "",
    problems: [{ source, path: "control.databaseUrl", message }],
  });
  if (read === null) return { url: control.databaseUrl, problems: [] };
  if ("fault" in read) return failed(read.fault);
  const url = read.text.trim();
  const fault = databaseUrlFault(url);
  return fault === "" ? { url, problems: [] } : failed(`${read.what} ${fault}`);
}

/** What is wrong with a URL of PostgreSQL; empty when nothing is. */
export function databaseUrlFault(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol))
    return "is not a URL like postgres://weir@db.example:5432/weir (escape special characters, as in %40 for @)";
  if (!isDecodable(`${url.username}${url.password}`))
    return "has a % in its user or password that begins no escape: write it as %25";
  if (url.pathname.length < 2) return "names no database: end it with /weir, for example";
  return "";
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the URL has a password in it, in whatever place PostgreSQL's clients look for one. */
export function hasPassword(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.password !== "" || url.searchParams.has("password"));
}

/** Host and database of a URL: never its user, password or parameters. */
export function databaseName(text: string): string {
  const url = URL.parse(text);
  return url === null ? "an unknown place" : `${url.host}${url.pathname}`;
}
