/** What Weir itself says on a socket of Responses. */
import { refusalEvents, type ResponseEvent } from "../dialects/openai-responses/denial-events.ts";
import { openAiResponses } from "../dialects/openai-responses/openai-responses.ts";
import type { CallIds } from "../dialects/dialect.ts";
import { isJsonObject, type JsonObject } from "../dialects/json-body.ts";
import type { Refusal } from "../refusal.ts";

/**
 * Messages that end a response with a refusal.
 * @param begun - what the client has seen of it: its id, and how many events
 */
export function refusalMessages(
  refusal: Refusal,
  ids: CallIds,
  asked: { model: string; streamId: string },
  begun: { responseId: string; sent: number } = { responseId: "", sent: 0 },
): string[] {
  const { responseId, sent: sequenceNumber } = begun;
  const events = refusalEvents(refusal, ids, {
    responseId,
    modelUsed: asked.model,
    sequenceNumber,
  });
  return events.map((event) => onLane(event, asked.streamId));
}

/** The API's own form for what is no response: a frame that cannot be served. */
export function errorMessage(refusal: Refusal, ids: CallIds, streamId = ""): string {
  const { status, body } = openAiResponses.renderRefusal(refusal, ids);
  const rendered: unknown = JSON.parse(body);
  const error = isJsonObject(rendered) ? rendered["error"] : undefined;
  return onLane({ type: "error", status, error }, streamId);
}

/** What a provider answered to a request that was no socket's, in the form for sockets. */
export function upstreamErrorMessage(status: number, body: Buffer, streamId: string): Buffer {
  const said = parsed(body);
  const error = isJsonObject(said) && isJsonObject(said["error"]) ? said["error"] : null;
  const event = {
    type: "error",
    status,
    error: error ?? {
      type: status < 500 ? "invalid_request_error" : "server_error",
      code: null,
      message: `The provider answered with status ${status}.`,
      param: null,
    },
  };
  return Buffer.from(onLane(event, streamId));
}

/**
 * Steering makes the provider start a response that no request asked for, so nobody could decide on
 * it; the API has a word for models that cannot be steered.
 */
export function steerRefusedMessage(body: JsonObject): string {
  return JSON.stringify({
    type: "response.steer.failed",
    sequence_number: 0,
    error: {
      code: "steering_not_supported",
      message: "Steering is not available through this gateway: send a response.create.",
    },
    steer: {
      previous_response_id: body["previous_response_id"] ?? "",
      input: body["input"] ?? [],
    },
  });
}

export function onLane(event: ResponseEvent, streamId: string): string {
  return JSON.stringify(streamId === "" ? event : { ...event, stream_id: streamId });
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString("utf8"));
  } catch {
    return undefined;
  }
}
