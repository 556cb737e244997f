import { fork } from "node:child_process";
import { once } from "node:events";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { FileSearch } from "./search-files.ts";
import type { SearchOrder } from "./search-files-child.ts";

const count = Type.Integer({ minimum: 0 });
const Search = Type.Object({
  files: count,
  bytes: count,
  found: Type.Array(Type.Object({ path: Type.String(), occurrences: count })),
});

/** Looks, from a process of its own, for the bytes of the id in every file below a directory. */
export async function findInFiles(directory: string, personId: string): Promise<FileSearch> {
  const child = fork(new URL("search-files-child.ts", import.meta.url), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const over = new AbortController();
  try {
    const answer = once(child, "message", { signal: over.signal });
    const ended = once(child, "exit", { signal: over.signal });
    ended.catch(() => undefined);
    answer.catch(() => undefined);
    child.send({ directory, personId } satisfies SearchOrder);
    const [message]: unknown[] = await Promise.race([answer, ended.then(() => [null])]);
    return Value.Parse(Search, message);
  } finally {
    over.abort();
    child.kill();
  }
}
