import { bad, type DoctorFinding, good } from "./finding.ts";

const NODE_MAJOR = 24;
// This version was made in 2026: a clock before that is wrong.
const EARLIEST_MS = Date.UTC(2026, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

export function checkNode(version: string = process.versions.node): DoctorFinding {
  if (Number(version.split(".")[0]) >= NODE_MAJOR) return good("Node.js", version);
  return bad("Node.js", `${version} is too old`, "Run Weir through `npm start` or `pnpm weir`.");
}

export function checkPlatform({
  platform,
  arch,
}: { platform: string; arch: string } = process): DoctorFinding {
  const name = `${platform} ${arch}`;
  if (["linux", "darwin"].includes(platform) && ["x64", "arm64"].includes(arch)) {
    return good("platform", name);
  }
  const remedy =
    "Use Linux or macOS on x64 or arm64: the embedded ClickHouse runs on nothing else.";
  return bad("platform", name, remedy);
}

/** The time decides when keys and login links end, and in which day usage counts. */
export function checkClock(nowMs: number): DoctorFinding {
  const text = new Date(nowMs).toISOString();
  if (nowMs >= EARLIEST_MS && nowMs < LATEST_MS) return good("clock", text);
  return bad("clock", `it says ${text}`, "Set the clock: keys and records depend on it.");
}
