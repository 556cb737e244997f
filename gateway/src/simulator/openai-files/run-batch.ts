import { hash } from "node:crypto";
import type { TokenCounts } from "../../contracts/index.ts";
import { errorReply } from "../error-reply.ts";
import { isJsonObject } from "../json-value.ts";
import type { Reply } from "../reply.ts";
import { BadRequest } from "../request.ts";
import { parsedObject } from "../serve-call.ts";
import { addTokens, noTokens } from "../token-sum.ts";
import type { Wire } from "../wire.ts";

const maxLines = 50_000;
const noQuery = new URLSearchParams();

/** What came of a batch: a line of output for each line of input that could be read. */
export interface BatchResult {
  readonly output: Buffer;
  readonly completed: number;
  readonly failed: number;
  readonly model: string;
  readonly tokens: TokenCounts;
}

/**
 * Answers all requests of a batch's input file at once.
 * @throws {BadRequest} when a line is no request.
 */
export function runBatch(wire: Wire, input: Buffer): BatchResult {
  const lines = input
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "");
  if (lines.length > maxLines) throw new BadRequest("The input file has too many lines", null);
  const answered = lines.map((line) => answerLine(wire, line));
  const completed = answered.filter(({ reply }) => reply.status < 400).length;
  return {
    output: Buffer.from(answered.map((line, index) => `${outputLine(line, index)}\n`).join("")),
    completed,
    failed: lines.length - completed,
    model: answered[0]?.model ?? "",
    tokens: answered.reduce((sum, { reply }) => addTokens(sum, billOf(reply)), noTokens),
  };
}

interface Answered {
  readonly customId: string;
  readonly model: string;
  readonly reply: Reply;
}

function answerLine(wire: Wire, line: string): Answered {
  const { custom_id: customId, body } = parsedObject(line);
  if (typeof customId !== "string" || !isJsonObject(body)) {
    throw new BadRequest("A line of the input file lacks custom_id or body", "input_file_id");
  }
  const sha256 = hash("sha256", JSON.stringify(body));
  try {
    const asked = wire.read({ json: body, sha256, params: {}, query: noQuery });
    const { digest, model, behaviour } = asked;
    const status = behaviour.errorStatus;
    const error = `Weir's simulator was asked for status ${status}`;
    const reply =
      status > 0 ? errorReply(wire, status, error, { param: null, digest }) : asked.reply();
    return { customId, model, reply };
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    const { status, message, param } = error;
    const reply = errorReply(wire, status, message, { param, digest: sha256.slice(0, 24) });
    return { customId, model: "", reply };
  }
}

function outputLine({ customId, reply }: Answered, index: number): string {
  const body: unknown = JSON.parse(String(reply.steps[0]?.bytes));
  return JSON.stringify({
    id: `batch_req_${index}`,
    custom_id: customId,
    response: { status_code: reply.status, request_id: `req_batch_${index}`, body },
    error: null,
  });
}

function billOf({ billedInput, steps }: Reply): TokenCounts {
  return steps.reduce(
    (sum, { visible, reasoning }) =>
      addTokens(sum, { ...noTokens, outputVisible: visible, outputReasoning: reasoning }),
    billedInput,
  );
}
