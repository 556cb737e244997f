import type { Dialect, JsonOperation, RequestHead } from "../dialect.ts";
import { asksForEvents, refuseOtherForms } from "./asked-form.ts";
import { geminiConversation } from "./conversation.ts";
import { describeBatchEmbed, describeCount, describeEmbed, describeGenerate } from "./describe.ts";
import { capOutputTokens, setBatchModel, setBodyModel, setCountedModel } from "./edits.ts";
import { modelPath, type GeminiPath, type GeminiVerb } from "./path.ts";
import {
  geminiStreamMeter,
  meterGeminiCount,
  meterGeminiEmbeddings,
  meterGeminiJson,
} from "./response.ts";
import { geminiSoftDenial } from "./soft-denial.ts";
import { stripGeminiTools } from "./tools.ts";

type OfVerb = Pick<JsonOperation, "describe" | "meterJson"> & Partial<JsonOperation>;

/** What a request for a model is: the model's name stands in the path, so each has its own. */
export function geminiOperation(
  dialect: Dialect,
  { version, model, verb }: GeminiPath & { model: string; verb: GeminiVerb },
  head: RequestHead,
): JsonOperation {
  const ofVerb = verbs[verb](model, head);
  return {
    kind: "json",
    id: `gemini.${verb}`,
    dialect,
    metered: true,
    auxiliary: false,
    free: false,
    upstreamPath: (target) => `${modelPath(version, target)}:${verb}`,
    governedMembers: ["model", "contents", "content", "requests", "tools"],
    streamsJsonArray: false,
    meteringEdits: () => ({ edits: [], stripUsageFrame: false }),
    capMaxTokens: () => [],
    setModel: setBodyModel,
    stripTools: () => [],
    streamMeter: geminiStreamMeter,
    softDenial: () => null,
    ...ofVerb,
    describe: (body) => {
      refuseOtherForms(head);
      return ofVerb.describe(body);
    },
  };
}

const verbs: Record<GeminiVerb, (model: string, head: RequestHead) => OfVerb> = {
  generateContent: (model) => generation(model, false, false),
  streamGenerateContent: (model, head) => ({
    ...generation(model, true, asksForEvents(head)),
    streamsJsonArray: true,
  }),
  // Free of charge, but content leaves the company all the same. A count calls no tools.
  countTokens: (model) => ({
    auxiliary: true,
    free: true,
    describe: (body) => describeCount(body, model),
    setModel: setCountedModel,
    meterJson: meterGeminiCount,
  }),
  embedContent: (model) => ({
    describe: (body) => describeEmbed(body, model),
    meterJson: meterGeminiEmbeddings,
  }),
  batchEmbedContents: (model) => ({
    describe: (body) => describeBatchEmbed(body, model),
    setModel: setBatchModel,
    meterJson: meterGeminiEmbeddings,
  }),
};

function generation(model: string, stream: boolean, isEventStream: boolean): OfVerb {
  return {
    describe: (body) => describeGenerate(body, model, stream),
    conversationOf: geminiConversation,
    capMaxTokens: capOutputTokens,
    stripTools: stripGeminiTools,
    meterJson: meterGeminiJson,
    softDenial: (text, asked) => geminiSoftDenial(text, asked, isEventStream),
  };
}
