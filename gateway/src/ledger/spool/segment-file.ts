import { writeSync } from "node:fs";
import { open, statfs } from "node:fs/promises";
import { syncDirectory } from "./sync-directory.ts";

/** The file operations that writing a segment needs: what a test replaces to fill the disk. */
export interface SegmentFile {
  /** Writes all `length` bytes of the buffer's start at `position`, or throws. */
  write(buffer: Buffer, length: number, position: number): void | Promise<void>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface SegmentFiles {
  /** Creates the file, which must not exist yet. */
  create(path: string): Promise<SegmentFile>;
  syncDirectory(directory: string): Promise<void>;
  /** Bytes that an ordinary user may still write on the device of `directory`. */
  freeBytes(directory: string): Promise<number>;
}

/** Segments on the real file system, readable by this user alone. */
export const segmentFiles: SegmentFiles = {
  async create(path) {
    const handle = await open(path, "wx", 0o600);
    return {
      // Copying into the page cache takes some 5 µs; a trip through the thread pool took three times
      // as long, and its 99th percentile on a busy machine was 20 to 400 times worse.
      write(buffer, length, position) {
        // write(2) may stop short, above all just before the disk is full.
        for (let done = 0; done < length;)
          done += writeSync(handle.fd, buffer, done, length - done, position + done);
      },
      truncate: (length) => handle.truncate(length),
      datasync: () => handle.datasync(),
      close: () => handle.close(),
    };
  },
  syncDirectory,
  async freeBytes(directory) {
    const stats = await statfs(directory);
    return stats.bavail * stats.bsize;
  },
};
