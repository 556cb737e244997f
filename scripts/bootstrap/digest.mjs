import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** SHA-256 over the paths and contents of files, in the order of their paths. */
export function digestFiles(root, files) {
  const hash = createHash("sha256");
  for (const file of files.toSorted()) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** All files below a folder, without those in a folder or with a name that `skip` matches. */
export function listFiles(directory, skip) {
  const files = [];
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (skip.test(entry.name)) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) files.push(...listFiles(path, skip));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}
