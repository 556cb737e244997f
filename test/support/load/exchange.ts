import type { HttpConnection } from "./http-connection.ts";
import type { LoadJob } from "./job.ts";

/**
 * Sends one request and reads its reply to the end. Returns when the measured mark came, on the
 * scale of `performance.now()`.
 * @throws {Error} when the reply is not a whole 200, or lacks the mark.
 */
export async function exchange(connection: HttpConnection, job: LoadJob): Promise<number> {
  return new Promise((resolve, reject) => {
    let firstTokenMs = Number.NaN;
    connection.send(job.request, {
      onFirstToken: () => {
        firstTokenMs = performance.now();
      },
      onEnd: () => {
        if (job.measure === "end") resolve(performance.now());
        else if (Number.isNaN(firstTokenMs)) reject(new Error("a stream brought no content"));
        else resolve(firstTokenMs);
      },
      onError: reject,
    });
  });
}
