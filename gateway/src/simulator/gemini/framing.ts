import { jsonContentType, streamContentType } from "../reply.ts";

/** How the chunks of a stream are put on the wire. */
export interface ChunkFraming {
  readonly contentType: string;
  /** What comes before the first chunk; empty for nothing. */
  readonly opening: string;
  readonly chunk: (json: string, isLast: boolean) => string;
}

/** `alt=sse` */
export const eventFraming: ChunkFraming = {
  contentType: streamContentType,
  opening: "",
  chunk: (json) => `data: ${json}\n\n`,
};

/** One JSON array, of which each element goes out with what parts it from the next. */
export const arrayFraming: ChunkFraming = {
  contentType: jsonContentType,
  opening: "[",
  chunk: (json, isLast) => (isLast ? `${json}\n]\n` : `${json}\n,\r\n`),
};
