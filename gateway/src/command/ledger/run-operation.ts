import { pino } from "pino";
import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import type { Config } from "../../config/schema.ts";
import { startLedgerShipper, connectLedger } from "../../control/ledger/connect.ts";
import { createTrail, type Trail, type TrailOptions } from "../../control/audit/trail.ts";
import type { LedgerHost } from "../../control/ledger/host.ts";
import type { LedgerOperation } from "../../control/ledger/operation.ts";
import { assertFigures } from "../../control/ledger/record-read.ts";
import { keptViewPolicy } from "../../control/views/kept-view-policy.ts";
import { ControlError, controlErrors } from "../../control/errors.ts";
import type { ControlContext } from "../../control/store/change.ts";
import { splitLines } from "../../ledger/lines/split-lines.ts";
import { closeClickHouse } from "../../ledger/clickhouse/open.ts";
import { holdDataDirectory } from "../../supervisor/data-directory.ts";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import { findRunning } from "../../supervisor/running.ts";
import { type DataOwner, requireData, withControlStore } from "../open-control-store.ts";
import { type AskControl, problemFault, withRunningControl } from "../running-control.ts";

const BrokenOff = Type.Object({
  code: Type.String(),
  title: Type.String(),
  detail: Type.String(),
});

/**
 * Does an operation on the ledger of a data directory, telling `onStep` how far it has come: a Weir
 * that runs there does it, since only one process may have the embedded ClickHouse open; else it is
 * done here, under the same lock.
 * @returns the last step. @throws StartFault
 */
export async function runOperation<Request extends TSchema, Step extends TSchema>(
  owner: DataOwner,
  operation: LedgerOperation<string, Request, Step>,
  request: Static<Request>,
  onStep: (step: Static<Step>) => void,
): Promise<Static<Step>> {
  requireData(owner, "ledger");
  const running = await findRunning(owner.config.dataDir);
  if (running !== null)
    return withRunningControl(owner, running, (ask) =>
      lastOf(remoteSteps(ask, operation, request), onStep),
    );
  return withOwnHost(owner, (host) => lastOf(ownSteps(host, operation, request), onStep));
}

async function lastOf<Step>(
  steps: AsyncGenerator<Step>,
  onStep: (step: Step) => void,
): Promise<Step> {
  let last: { readonly step: Step } | undefined;
  for await (const step of steps) {
    onStep(step);
    last = { step };
  }
  if (last !== undefined) return last.step;
  throw new StartFault({
    code: "WEIR_OPERATION_BROKEN_OFF",
    cause: "control ended before the work was done",
    remedy: "See its log, then run the command once more.",
    exitCode: exitCodes.failed,
  });
}

async function* remoteSteps<Request extends TSchema, Step extends TSchema>(
  ask: AskControl,
  operation: LedgerOperation<string, Request, Step>,
  request: Static<Request>,
): AsyncGenerator<Static<Step>> {
  const { body } = await ask(`/api/ledger/${operation.name}`, request);
  if (body === null) return;
  for await (const line of splitLines(body)) {
    const step: unknown = JSON.parse(line);
    const problem = typeof step === "object" && step !== null && "problem" in step && step.problem;
    if (Value.Check(BrokenOff, problem)) throw problemFault(problem);
    yield Value.Parse(operation.step, step);
  }
}

async function* ownSteps<Request extends TSchema, Step extends TSchema>(
  host: LedgerHost,
  operation: LedgerOperation<string, Request, Step>,
  request: Static<Request>,
): AsyncGenerator<Static<Step>> {
  try {
    assertRequest(operation.request, request);
    await assertFigures(host, operation.view);
    yield* operation.run(host, request);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    const { title } = controlErrors[error.code];
    throw problemFault({ code: error.code, title, detail: error.message });
  }
}

/** As the API does it before it runs an operation. @throws ControlError WEIR_INVALID_REQUEST */
function assertRequest(schema: TSchema, request: unknown): void {
  const [error] = Value.Errors(schema, request);
  if (error === undefined) return;
  const detail = `Correct ${error.instancePath.slice(1)}: it ${error.message}.`;
  throw new ControlError("WEIR_INVALID_REQUEST", detail);
}

async function withOwnHost<T>(
  owner: DataOwner,
  work: (host: LedgerHost) => Promise<T>,
): Promise<T> {
  const { config } = owner;
  const { dataDir } = config;
  const lock = await holdDataDirectory(dataDir, process.pid);
  try {
    return await withControlStore(owner, async (context) => {
      const log = pino({ enabled: false });
      const client = await connectLedger({ config, dataDir });
      try {
        return await withTrail({ config, dataDir, ...context, log }, (trail) =>
          withShipper({ config, context, client, log, trail }, work),
        );
      } finally {
        await closeClickHouse(client);
      }
    });
  } finally {
    lock.release();
  }
}

async function withTrail<T>(
  options: Omit<TrailOptions, "whilePaused">,
  work: (trail: Trail) => Promise<T>,
): Promise<T> {
  // Claims are settled at its start, before anything is shipped; later ones wait for the next.
  const trail = createTrail({ ...options, whilePaused: (paused) => paused() });
  await trail.start();
  try {
    return await work(trail);
  } finally {
    await trail.close();
  }
}

interface OwnHostParts {
  readonly config: Config;
  readonly context: ControlContext;
  readonly client: LedgerHost["client"];
  readonly log: LedgerHost["log"];
  readonly trail: Trail;
}

async function withShipper<T>(
  { config, context, client, log, trail }: OwnHostParts,
  work: (host: LedgerHost) => Promise<T>,
): Promise<T> {
  const { dataDir } = config;
  const { audit, assertRecordable } = trail;
  const shipper = startLedgerShipper({ config, dataDir, now: context.now, log, audit }, client);
  try {
    return await work({
      config,
      dataDir,
      client,
      context: { ...context, assertRecordable },
      log,
      recordAccess: trail.recordAccess,
      decideView: await keptViewPolicy(config.dataDir, context),
      shipNow: async () => {
        await trail.publishChanges();
        await shipper.drain();
      },
      whilePaused: (paused) => shipper.whilePaused(paused),
    });
  } finally {
    await shipper.stop();
  }
}
