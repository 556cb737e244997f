import { behaviourOf } from "../behaviour.ts";
import { freeCall } from "../free-call.ts";
import { isJsonObject } from "../json-value.ts";
import type { Asked, ReceivedBody } from "../wire.ts";
import { memberOf } from "./members.ts";
import { modelIn, readGenerate } from "./read.ts";
import { geminiInput } from "./usage.ts";

/** The input that a call with this body is billed at. @throws {BadRequest} */
export function readCount(received: ReceivedBody): Asked {
  const nested = memberOf(received.json, "generateContentRequest");
  const json = isJsonObject(nested) ? nested : received.json;
  const request = readGenerate({ ...received, json }, false);
  const { inputUncached, audioIn } = geminiInput(request);
  const totalTokens = inputUncached + audioIn;
  const model = modelIn(received);
  const promptTokensDetails = [{ modality: "TEXT", tokenCount: totalTokens }];
  return {
    ...freeCall({ totalTokens, promptTokensDetails }, { model, digest: request.digest }),
    behaviour: behaviourOf(model),
  };
}
