import { segmentFiles, type SegmentFiles } from "../spool/segment-file.ts";

/** A disk that behaves until `fault` is set; then it writes `partial` bytes and fails. */
export function failingDisk() {
  const disk = { fault: "", partial: 0, syncFault: "", truncateFault: "", syncs: 0, free: 2 ** 40 };
  const failure = (code: string) => Object.assign(new Error(code), { code });
  const files: SegmentFiles = {
    ...segmentFiles,
    freeBytes: () => Promise.resolve(disk.free),
    async create(path) {
      if (disk.fault !== "" && disk.partial === 0) throw failure(disk.fault);
      const file = await segmentFiles.create(path);
      return {
        ...file,
        async write(buffer, length, position) {
          if (disk.fault === "") return file.write(buffer, length, position);
          await file.write(buffer, Math.min(disk.partial, length), position);
          throw failure(disk.fault);
        },
        async truncate(length) {
          if (disk.truncateFault !== "") throw failure(disk.truncateFault);
          await file.truncate(length);
        },
        async datasync() {
          disk.syncs += 1;
          if (disk.syncFault !== "") throw failure(disk.syncFault);
          await file.datasync();
        },
      };
    },
  };
  return { disk, files };
}
