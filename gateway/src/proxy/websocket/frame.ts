import { responsesOperation } from "../dialects/openai-responses/openai-responses.ts";
import { type JsonObject, parseBody } from "../dialects/json-body.ts";
import { asRefusal, Refusal } from "../refusal.ts";

const MAX_STREAM_ID_LENGTH = 256;
const governedMembers = [...responsesOperation.governedMembers, "type", "stream_id"];

/** A request for one response. */
export interface CreateFrame {
  readonly kind: "create";
  readonly bytes: Buffer;
  readonly body: JsonObject;
  /** The lane on which it is answered, empty for the only one that most clients use. */
  readonly streamId: string;
}

/** What cannot be read may have been a request, so it is treated as one. */
export interface UnreadableFrame {
  readonly kind: "unreadable";
  readonly sizeBytes: number;
  readonly streamId: string;
  readonly refusal: Refusal;
}

/** What a client may send on a socket of Responses, and what it may not. */
export type Frame =
  | CreateFrame
  | UnreadableFrame
  /** Input for a response that is running, for which the provider starts a further one by itself. */
  | { readonly kind: "steer"; readonly body: JsonObject }
  /** Codex tells that it has dealt with a response. */
  | { readonly kind: "processed"; readonly bytes: Buffer }
  | { readonly kind: "unknown"; readonly body: JsonObject };

/** Reads one message of a client as strictly as the body of a POST. Never throws. */
export function readFrame(bytes: Buffer, isBinary: boolean): Frame {
  const unreadable = (refusal: Refusal, streamId = ""): UnreadableFrame => {
    return { kind: "unreadable", sizeBytes: bytes.length, streamId, refusal };
  };
  if (isBinary) {
    return unreadable(
      new Refusal("WEIR_BODY_NOT_JSON", { message: "Send JSON in text messages, not in binary." }),
    );
  }
  let body: JsonObject;
  try {
    body = parseBody(bytes, governedMembers);
  } catch (thrown) {
    return unreadable(asRefusal(thrown));
  }
  switch (body["type"]) {
    case "response.create":
      return readCreate(bytes, body, unreadable);
    case "response.steer":
      return { kind: "steer", body };
    case "response.processed":
      return isProcessed(body) ? { kind: "processed", bytes } : { kind: "unknown", body };
    default:
      return { kind: "unknown", body };
  }
}

function readCreate(
  bytes: Buffer,
  body: JsonObject,
  unreadable: (refusal: Refusal, streamId?: string) => UnreadableFrame,
): Frame {
  const streamId = body["stream_id"] ?? "";
  if (typeof streamId !== "string" || streamId.length > MAX_STREAM_ID_LENGTH) {
    const message = `'stream_id' must be a text of at most ${MAX_STREAM_ID_LENGTH} characters.`;
    return unreadable(new Refusal("WEIR_FIELD_INVALID", { message }));
  }
  if ((body["background"] ?? false) !== false) {
    // It would run on, and cost, after its socket is gone, and tell nobody what.
    const message = "'background' is not available over WebSocket: send a POST.";
    return unreadable(new Refusal("WEIR_FIELD_INVALID", { message }), streamId);
  }
  return { kind: "create", bytes, body, streamId };
}

/** Nothing but the id: no content goes to a provider undecided. */
function isProcessed(body: JsonObject): boolean {
  const id = body["response_id"];
  return typeof id === "string" && id.length <= 256 && Object.keys(body).length === 2;
}
