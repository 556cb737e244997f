import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { editMembers } from "../dialects/json-body.ts";
import { sseData } from "../dialects/sse-frame.ts";
import { SseFrames } from "../meter/sse-frames.ts";
import type { Outgoing } from "../outgoing.ts";
import type { EventRelay } from "./event-relay.ts";
import { upstreamErrorMessage } from "./messages.ts";

const MAX_ERROR_BYTES = 65_536;

/**
 * Asks a provider that has no socket by a POST, and turns the events of its stream into messages.
 * What a provider would keep on a socket alone it does not keep here: `previous_response_id` works
 * only for responses that were stored.
 */
export function postFrame(
  { target, path, headers }: Outgoing,
  { frame, streamId }: { frame: Buffer; streamId: string },
  relay: EventRelay,
  maxEventBytes: number,
): void {
  if (relay.isOver) return;
  const body = editMembers(frame, [
    { member: "type", json: null },
    { member: "stream_id", json: null },
    { member: "stream", json: "true" },
  ]);
  const kept = withoutHandshake(headers);
  target.upstream.dispatcher.dispatch(
    {
      origin: target.upstream.origin,
      method: "POST",
      path,
      headers: [...kept, "content-type", "application/json"],
      body,
    },
    new PostedEvents(relay, streamId, maxEventBytes),
  );
}

class PostedEvents implements Dispatcher.DispatchHandler {
  readonly #relay: EventRelay;
  readonly #streamId: string;
  readonly #frames: SseFrames;
  #status = 0;
  #isStream = false;
  #error: Buffer[] = [];
  #errorBytes = 0;

  constructor(relay: EventRelay, streamId: string, maxEventBytes: number) {
    this.#relay = relay;
    this.#streamId = streamId;
    this.#frames = new SseFrames(maxEventBytes);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#relay.isOver) {
      controller.abort(new Error("client gone"));
      return;
    }
    this.#relay.begin({
      pause: () => {
        controller.pause();
        this.#relay.holdUp(true);
      },
      resume: () => {
        if (!controller.paused) return;
        controller.resume();
        this.#relay.holdUp(false);
      },
      cancel: (reason) => controller.abort(reason),
    });
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    this.#isStream =
      status < 400 && (headers["content-type"] ?? "").toLowerCase().startsWith("text/event-stream");
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isStream) {
      this.#errorBytes += chunk.length;
      if (this.#errorBytes <= MAX_ERROR_BYTES) this.#error.push(chunk);
      return;
    }
    for (const event of this.#frames.push(chunk)) this.#pass(event);
    if (!this.#frames.overflowed || this.#relay.isOver) return;
    const error = new Error("the provider sent an event that is too large");
    this.#relay.fail(error);
    controller.abort(error);
  }

  onResponseEnd(): void {
    if (this.#status >= 400) {
      const body = Buffer.concat(this.#error);
      this.#relay.event(upstreamErrorMessage(this.#status, body, this.#streamId));
      return;
    }
    this.#pass(this.#frames.rest());
    this.#relay.fail(new Error("the provider ended its stream before the response was complete"));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#relay.fail(error);
  }

  #pass(event: Buffer): void {
    if (this.#frames.overflowed || event.length === 0) return;
    const data = sseData(event);
    if (data.startsWith("{")) this.#relay.event(Buffer.from(onLane(data, this.#streamId)));
  }
}

/** Clients with several lanes tell their responses apart by this member alone. */
function onLane(json: string, streamId: string): string {
  return streamId === "" ? json : `{"stream_id":${JSON.stringify(streamId)},${json.slice(1)}`;
}

const ofHandshake = /^(?:sec-websocket-.*|content-type)$/;

function withoutHandshake(flat: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < flat.length; at += 2) {
    const [name = "", value = ""] = flat.slice(at, at + 2);
    if (!ofHandshake.test(name)) kept.push(name, value);
  }
  return kept;
}
