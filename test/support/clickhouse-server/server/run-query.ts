import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../fault.ts";
import type { Answer } from "./answer.ts";
import type { Engine, Result, Statement } from "./engine.ts";
import { asServerException, ServerException } from "./exception.ts";
import type { ReadRequest } from "./read-request.ts";

/** The largest result that is held back, for `wait_end_of_query` and for the faults. */
const MAX_HELD_BYTES = 268_435_456;

/** Executes the statement and writes its answer, with the fault that strikes it. */
export async function runQuery(
  engine: Engine,
  read: ReadRequest,
  answer: Answer,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  if (fault?.kind === "silent") {
    if (!response.destroyed) await once(response, "close");
    return;
  }
  if (fault?.kind === "fail-before") throw refusal(fault.exception, fault.status);
  const statement = withFault(read.statement, fault);
  if (fault?.kind === "die-during") setImmediate(() => process.kill(process.pid, "SIGKILL"));
  await engine.run(statement, async (result) => {
    if (fault !== undefined && (await spoil(result, answer, response, fault))) return;
    await send(result, read, answer);
  });
}

async function send(result: Result, read: ReadRequest, answer: Answer): Promise<void> {
  if (result.kind === "done") {
    answer.start(200, result.summary);
    await answer.write(result.bytes);
    answer.end();
    return;
  }
  const limit = read.waitEndOfQuery ? MAX_HELD_BYTES : read.bufferBytes;
  const held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of result.chunks) {
    bytes += chunk.length;
    if (!answer.started && bytes <= limit) {
      held.push(chunk);
      continue;
    }
    await flush(held, answer);
    await answer.write(chunk);
  }
  await flush(held, answer);
  answer.end();
}

async function flush(held: Uint8Array[], answer: Answer): Promise<void> {
  if (!answer.started) answer.start();
  for (const chunk of held.splice(0)) await answer.write(chunk);
}

/** @returns whether the answer was given, or taken away. */
async function spoil(
  result: Result,
  answer: Answer,
  response: ServerResponse,
  fault: Fault,
): Promise<boolean> {
  const bytes = result.kind === "done" ? result.bytes : await collect(result.chunks);
  switch (fault.kind) {
    case "drop-after-commit":
      response.destroy();
      return true;
    case "die-after-commit":
      process.kill(process.pid, "SIGKILL");
      return true;
    case "error-after-commit":
      response.writeHead(fault.status ?? 502, { "Content-Type": "text/html" });
      response.end("<html><body><h1>Bad Gateway</h1></body></html>\n");
      return true;
    case "break-off":
    case "exception-in-stream":
      answer.start();
      await answer.write(firstHalf(bytes));
      if (fault.kind === "break-off") await answer.cut();
      else
        await answer.fail(
          new ServerException(395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", "broken on purpose"),
        );
      return true;
    case "delay":
      await sleep(fault.delayMs);
      break;
    default:
  }
  answer.start(200, result.kind === "done" ? result.summary : undefined);
  await answer.write(bytes);
  answer.end();
  return true;
}

/** Ends with a whole line where there is one: servers write whole blocks. */
function firstHalf(bytes: Uint8Array): Uint8Array {
  const middle = Math.ceil(bytes.length / 2);
  const newline = bytes.lastIndexOf(10, middle);
  return bytes.subarray(0, newline === -1 ? middle : newline + 1);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const collected: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_HELD_BYTES)
      throw new ServerException(396, "TOO_MANY_ROWS_OR_BYTES", "too much");
    collected.push(chunk);
  }
  return Buffer.concat(collected);
}

function withFault(statement: Statement, fault: Fault | undefined): Statement {
  const add = (...settings: [string, string][]): Statement => ({
    ...statement,
    settings: [...statement.settings, ...settings],
  });
  if (fault?.kind === "memory-limit")
    return add(["max_memory_usage", "1"], ["max_untracked_memory", "0"]);
  if (fault?.kind === "read-only") return add(["readonly", "1"]);
  return statement;
}

const TOO_MANY_PARTS =
  "Code: 252. DB::Exception: Too many parts (3000) in table. Merges are processing significantly slower than inserts. (TOO_MANY_PARTS)";

function refusal(exception: string | undefined, status: number | undefined): ServerException {
  const refused = asServerException(new Error(exception ?? TOO_MANY_PARTS));
  refused.status = status;
  return refused;
}
