/** One request to one target, and how far its events came. */
import { type Answered, drainBounds, type RetryRule } from "../attempt.ts";
import type { Exchange } from "../exchange.ts";
import type { Outgoing } from "../outgoing.ts";
import type { PipelineContext } from "../pipeline-context.ts";
import { Refusal } from "../refusal.ts";
import type { Health } from "../route/target-gate.ts";
import { cutWhenStopped } from "../stop/cut-when-stopped.ts";
import type { ClientChannel } from "./client-channel.ts";
import { EventRelay } from "./event-relay.ts";
import type { CreateFrame } from "./frame.ts";
import { upstreamErrorMessage } from "./messages.ts";
import { postFrame } from "./posted-events.ts";
import { UpgradeRefused } from "./upgrade-refused.ts";
import type { UpstreamLinks } from "./upstream-links.ts";

/** What a frame's call needs of the socket on which the frame came. */
export interface SocketClient {
  readonly channel: ClientChannel;
  /** Aborted when the client has left. */
  readonly gone: AbortSignal;
  readonly links: UpstreamLinks;
}

export interface AnsweredFrame extends Answered {
  readonly relay: EventRelay;
}

/** @throws Refusal WEIR_PROVIDER_BUSY, WEIR_PROVIDER_DOWN; then the provider was not asked. */
export async function askForEvents(
  exchange: Exchange,
  frame: CreateFrame,
  { outgoing, retryRule }: { outgoing: Outgoing; retryRule: RetryRule },
  client: SocketClient,
  context: PipelineContext,
): Promise<AnsweredFrame> {
  const { clock } = context;
  const startedAt = clock.monotonicMs();
  exchange.overheadMs ??= startedAt - exchange.startedAt;
  const { gate, upstream } = outgoing.target;
  exchange.content?.response.clear();
  return gate.enter(() => {
    const health = Promise.withResolvers<Health>();
    const relay = new EventRelay({
      channel: client.channel,
      gone: client.gone,
      asked: { model: exchange.facts?.model ?? "", streamId: frame.streamId },
      timeouts: upstream.timeouts,
      now: clock.monotonicMs,
      nowMs: clock.nowMs,
      isRetryable: retryRule,
      drain: (generated) => drainBounds(generated, context),
      onHead: (status) => health.resolve(gate.healthOf(status)),
      onEvent: (json) => exchange.content?.response.add(json),
    });
    cutWhenStopped(exchange, relay);
    void send(frame, outgoing, relay, client.links, context.limits.maxBodyBytes);
    const ended = relay.ended.then((relayed) => {
      // A client that left before the answer says nothing about the provider.
      health.resolve("healthy");
      const durationMs = clock.monotonicMs() - startedAt;
      return { outgoing, relay, relayed, facts: relay.facts(), durationMs };
    });
    return { health: health.promise, ended };
  });
}

async function send(
  frame: CreateFrame,
  outgoing: Outgoing,
  relay: EventRelay,
  links: UpstreamLinks,
  maxEventBytes: number,
): Promise<void> {
  const { body, target } = outgoing;
  const { streamId } = frame;
  if (!Buffer.isBuffer(body)) {
    relay.fail(new Refusal("WEIR_INTERNAL"));
    return;
  }
  const post = () => postFrame(outgoing, { frame: body, streamId }, relay, maxEventBytes);
  try {
    if (links.canReach(target.upstream)) (await links.to(outgoing)).ask(streamId, body, relay);
    else post();
  } catch (error) {
    if (error instanceof UpgradeRefused && error.hasNoSockets) post();
    else if (error instanceof UpgradeRefused) {
      relay.event(upstreamErrorMessage(error.status, error.body, streamId));
    } else relay.fail(error instanceof Error ? error : new Error("socket", { cause: error }));
  }
}
