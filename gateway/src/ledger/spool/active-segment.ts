import { rm } from "node:fs/promises";
import { join } from "node:path";
import { closeFrame, FRAME_HEADER_BYTES, sealHead } from "./frame.ts";
import type { SegmentFile, SegmentFiles } from "./segment-file.ts";
import { encodeHeader, type SegmentHeader } from "./segment-header.ts";
import { segmentName } from "./segment-name.ts";

/** The one segment that takes frames. */
export class ActiveSegment {
  readonly name: string;
  readonly file: SegmentFile;
  readonly createdAtMs: number;
  readonly headerBytes: number;
  /** Bytes of header and whole frames; what the file holds beyond them does not count. */
  bytes: number;
  /** A write or sync failed: the next frames belong into another file. */
  failed = false;
  /** A failed write could not even be cut off: no seal may follow it. */
  broken = false;

  private constructor(name: string, file: SegmentFile, createdAtMs: number, headerBytes: number) {
    this.name = name;
    this.file = file;
    this.createdAtMs = createdAtMs;
    this.headerBytes = headerBytes;
    this.bytes = headerBytes;
  }

  get hasFrames(): boolean {
    return this.bytes > this.headerBytes;
  }

  /** Creates the file with its header; leaves none behind when that fails. */
  static async create(
    files: SegmentFiles,
    directory: string,
    header: SegmentHeader,
  ): Promise<ActiveSegment> {
    const name = segmentName(header.firstSequence);
    const path = join(directory, name);
    const file = await files.create(path);
    try {
      const bytes = encodeHeader(header);
      await file.write(bytes, bytes.length, 0);
      return new ActiveSegment(name, file, header.createdAtMs, bytes.length);
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Appends the first `length` bytes of `frames`, or leaves the segment as it was and throws. */
  async append(frames: Buffer, length: number): Promise<void> {
    try {
      await this.file.write(frames, length, this.bytes);
    } catch (error) {
      this.failed = true;
      await this.file.truncate(this.bytes).catch(() => {
        this.broken = true;
      });
      throw error;
    }
    this.bytes += length;
  }

  /** Marks the end of the segment; the next one starts with `nextSequence`. */
  async seal(nextSequence: number): Promise<void> {
    const seal = Buffer.alloc(FRAME_HEADER_BYTES);
    closeFrame(seal, 0, sealHead(nextSequence), 0);
    await this.append(seal, seal.length);
  }
}
