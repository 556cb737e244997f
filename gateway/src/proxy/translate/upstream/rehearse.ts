/**
 * Has the AI SDK write a request without sending it. What it would leave out or change, it says
 * in warnings that come with the answer; so it gets a blank one, and each warning is a refusal.
 */
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  SharedV4Warning,
} from "@ai-sdk/provider";
import { Refusal } from "../../refusal.ts";
import { notTranslatable } from "../fate.ts";
import type { Fetch, UpstreamDialect } from "./upstream-dialect.ts";

export interface WrittenRequest {
  /** Below the provider's base URL, with the query. */
  path: string;
  headers: [name: string, value: string][];
  body: string;
}

const credentials = new Set(["authorization", "x-api-key", "x-goog-api-key"]);

function capture(blank: string, stream: boolean): { fetch: Fetch; written: WrittenRequest[] } {
  const written: WrittenRequest[] = [];
  const fetch: Fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (init?.method !== "POST" || typeof init.body !== "string") {
      throw new Error("A translation may send one request alone, with a JSON body.");
    }
    written.push({
      path: `${url.pathname}${url.search}`,
      headers: [...new Headers(init.headers)].filter(
        ([name]) => !credentials.has(name) && name !== "user-agent",
      ),
      body: init.body,
    });
    return new Response(stream ? "" : blank, {
      headers: { "content-type": stream ? "text/event-stream" : "application/json" },
    });
  };
  return { fetch, written };
}

async function streamWarnings(
  stream: ReadableStream<LanguageModelV4StreamPart>,
): Promise<SharedV4Warning[]> {
  const reader = stream.getReader();
  const first = await reader.read();
  await reader.cancel();
  return first.value?.type === "stream-start" ? first.value.warnings : [];
}

/** The client's name for a setting of the AI SDK. */
export type FieldNames = Readonly<Record<string, string>>;

function lostField(warning: SharedV4Warning, fields: FieldNames) {
  if (warning.type === "other") return notTranslatable("messages", warning.message);
  if (warning.type === "deprecated") return notTranslatable(warning.setting, warning.message);
  return notTranslatable(
    fields[warning.feature] ?? warning.feature,
    warning.details ?? "the provider has no such setting; leave it out.",
  );
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE when anything would be lost */
export async function rehearse(
  upstream: UpstreamDialect,
  options: LanguageModelV4CallOptions,
  call: { model: string; stream: boolean; fields: FieldNames; newId: () => string },
): Promise<WrittenRequest> {
  const { fetch, written } = capture(upstream.blankAnswer, call.stream);
  const model = upstream.model(call.model, fetch, call.newId);
  let warnings: SharedV4Warning[];
  try {
    warnings = call.stream
      ? await streamWarnings((await model.doStream(options)).stream)
      : (await model.doGenerate(options)).warnings;
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    const advice = cause instanceof Error ? cause.message : "the request cannot be written.";
    throw notTranslatable("messages", advice, cause);
  }
  const lost = warnings.find((warning) => !upstream.tolerates(warning));
  if (lost !== undefined) throw lostField(lost, call.fields);
  const [request] = written;
  if (request === undefined) throw new Error("The AI SDK wrote no request.");
  return request;
}
