import { ConfigError } from "../../config/problem.ts";
import type { Config } from "../../config/schema.ts";
import { wantsJson } from "../../config/switches.ts";
import { exitCodes } from "../../supervisor/fault.ts";
import { findRunning } from "../../supervisor/running.ts";
import { loadFor } from "../config-options.ts";
import type { DoctorFlags } from "../doctor-command.ts";
import type { Host } from "../host.ts";
import { checkClickHouse } from "./check-clickhouse.ts";
import { checkConsole } from "./check-console.ts";
import { checkControlStore } from "./check-control-store.ts";
import { checkDataDirectory } from "./check-data-directory.ts";
import { checkClock, checkNode, checkPlatform } from "./check-machine.ts";
import { checkPolicies } from "./check-policies.ts";
import { checkPorts } from "./check-ports.ts";
import { checkProviders } from "./check-providers.ts";
import { checkRunning } from "./check-running.ts";
import { checkTls } from "./check-tls.ts";
import { bad, type DoctorFinding, good, reasonOf } from "./finding.ts";

/** Runs every check, prints each as it ends, and fails when any has failed. */
export async function runDoctor(flags: DoctorFlags, host: Host): Promise<void> {
  const findings: DoctorFinding[] = [];
  const isJson = wantsJson(flags.json, host.env);
  const report = (found: readonly DoctorFinding[]) => {
    findings.push(...found);
    if (!isJson) for (const finding of found) host.stdout.write(format(finding));
  };
  report([checkNode(), checkPlatform(), checkClock(Date.now())]);
  const { config, finding } = readConfig(flags, host);
  report([finding]);
  if (config !== null) {
    for (const check of checksOf(config, flags, host)) report(await guarded(check));
  }
  const isOk = findings.every(({ ok }) => ok);
  if (isJson) host.stdout.write(`${JSON.stringify({ ok: isOk, findings })}\n`);
  host.exitCode = isOk ? exitCodes.ok : exitCodes.failed;
}

type Check = { name: string; run: () => Promise<readonly DoctorFinding[]> };

function checksOf(config: Config, flags: DoctorFlags, host: Host): Check[] {
  const isOnline = flags.offline !== true;
  return [
    { name: "data directory", run: async () => checkDataDirectory(config.dataDir) },
    {
      name: "ports",
      run: async () => {
        const running = await findRunning(config.dataDir);
        // A running Weir's own ports are taken, and rightly so.
        return running === null ? checkPorts(config) : checkRunning(running);
      },
    },
    { name: "control store", run: () => checkControlStore({ config, env: host.env }) },
    { name: "TLS", run: () => checkTls(config, Date.now()) },
    { name: "console", run: async () => [checkConsole()] },
    { name: "ClickHouse", run: async () => [await checkClickHouse(config)] },
    { name: "policies", run: async () => [await checkPolicies(config)] },
    { name: "providers", run: () => checkProviders(config, host.env, isOnline) },
  ];
}

async function guarded({ name, run }: Check): Promise<readonly DoctorFinding[]> {
  try {
    return await run();
  } catch (error) {
    return [bad(name, `the check itself failed: ${reasonOf(error)}`, "Run it with WEIR_DEBUG=1.")];
  }
}

function readConfig(
  flags: DoctorFlags,
  host: Host,
): { config: Config | null; finding: DoctorFinding } {
  try {
    return { config: loadFor(host, flags, true), finding: good("configuration", "has no problem") };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const remedy = "Mend it; the other checks need it.";
    return { config: null, finding: bad("configuration", error.message, remedy) };
  }
}

function format({ check, ok, detail, remedy }: DoctorFinding): string {
  const line = `${ok ? "✓" : "✗"} ${check.padEnd(16)} ${detail}\n`;
  return remedy === "" ? line : `${line}  ${"".padEnd(16)} → ${remedy}\n`;
}
