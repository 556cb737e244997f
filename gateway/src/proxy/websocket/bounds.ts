/** What sockets may hold and for how long, so that nothing grows with what a client does. */
export interface SocketBounds {
  /** Client sockets of one worker; each may have one socket to each provider. */
  readonly maxSockets: number;
  /** Calls of one socket that wait or run; the API itself runs no more than 16 on a connection. */
  readonly maxUnanswered: number;
  /** Frames of one socket that are being refused for that reason; then the socket is closed. */
  readonly maxRefusing: number;
  /** Unsent bytes above which whatever produces them is paused, until there are `lowWaterBytes`. */
  readonly highWaterBytes: number;
  readonly lowWaterBytes: number;
  /** Between two looks at whether a client is still there. */
  readonly beatMs: number;
  /** After so long without a call a socket is closed. */
  readonly idleMs: number;
}

export const defaultBounds: SocketBounds = {
  maxSockets: 1_024,
  maxUnanswered: 16,
  maxRefusing: 64,
  highWaterBytes: 1_048_576,
  lowWaterBytes: 262_144,
  beatMs: 30_000,
  idleMs: 900_000,
};

/** For the other side to answer a close frame. */
export const CLOSE_TIMEOUT_MS = 2_000;
