import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { listSegments } from "../spool/segment-name.ts";
import { syncDirectory } from "../spool/sync-directory.ts";
import { DEAD_LETTERS_DIRECTORY } from "./dead-letters.ts";

const COPY_BYTES = 1_048_576;

/**
 * Copies what of a segment cannot be read, from `offset` to its end, to
 * `<spoolRoot>/dead-letters/<spoolId>-<segment>.corrupt`, durably.
 * @returns how many bytes that were.
 */
export async function setAside(
  spoolRoot: string,
  spoolId: string,
  segment: string,
  offset: number,
): Promise<number> {
  const directory = join(spoolRoot, DEAD_LETTERS_DIRECTORY);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await using source = await open(join(spoolRoot, spoolId, segment), "r");
  await using target = await open(join(directory, `${spoolId}-${segment}.corrupt`), "w", 0o600);
  const buffer = Buffer.allocUnsafe(COPY_BYTES);
  let copied = 0;
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, offset + copied);
    if (bytesRead === 0) break;
    await target.writeFile(buffer.subarray(0, bytesRead));
    copied += bytesRead;
  }
  await target.datasync();
  await syncDirectory(directory);
  return copied;
}

/** Removes the segments before `segment`, all of which has been shipped. */
export async function removeShipped(directory: string, segment: string): Promise<void> {
  for (const { name } of await listSegments(directory)) {
    if (name < segment) await rm(join(directory, name), { force: true });
  }
}
