/** Reading one whole server-sent event (WHATWG HTML, "server-sent events", §9.2.6). */

/** The event's `data` lines, joined by line feeds; empty when it has none. */
export function sseData(frame: Buffer): string {
  const data: string[] = [];
  for (const line of frame.toString("utf8").split(/\r\n|\n|\r/)) {
    if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
  }
  return data.join("\n");
}

/** The event's data as JSON, or undefined if it is none. */
export function sseJson(frame: Buffer): unknown {
  try {
    return JSON.parse(sseData(frame));
  } catch {
    return undefined;
  }
}
