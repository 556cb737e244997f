import { type Static, Type } from "typebox";
import { repairRollUps } from "../../../ledger/rollups/repair.ts";
import { databaseNowMs, readRollUps } from "../../../ledger/rollups/roll-up.ts";
import { LedgerFinding } from "../../../ledger/verify/finding.ts";
import {
  daysOfLedger,
  type LedgerShape,
  readRawDays,
  rollUpFinding,
  verifyDay,
} from "../../../ledger/verify/verify-day.ts";
import { recordChange } from "../../store/change.ts";
import type { LedgerHost } from "../host.ts";
import { defineOperation } from "../operation.ts";
import { refuseOnCluster } from "../refuse-on-cluster.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });

const VerifyStep = Type.Object(
  {
    finished: Type.Boolean(),
    /** UTC day that has been looked at, `20261123`; empty in the first and last step. */
    day: Type.String(),
    daysDone: count,
    days: count,
    /** Of this day. */
    findings: Type.Array(LedgerFinding),
    /** All so far: found, and of these repaired. */
    found: count,
    repaired: count,
  },
  strict,
);
export type VerifyStep = Static<typeof VerifyStep>;

/** `weir ledger verify` */
export const verifyOperation = defineOperation({
  name: "verify",
  summary: "Check the ledger day by day, and make wrong roll-ups anew if asked to",
  permission: "ledger:operate",
  view: { shows: "figures", resource: "ledger.verify" },
  request: Type.Object({ repair: Type.Boolean() }, strict),
  step: VerifyStep,
  async *run(host, { repair }) {
    const { client } = host;
    if (repair) {
      refuseOnCluster(client, "Making roll-ups anew");
      await recordRepair(host);
    }
    const [rollUps, rawDays, nowMs, days] = await Promise.all([
      readRollUps(client),
      readRawDays(client),
      databaseNowMs(client),
      daysOfLedger(client),
    ]);
    const totals = { daysDone: 0, days: days.length, found: 0, repaired: 0 };
    yield { finished: false, day: "", findings: [], ...totals };
    for (const day of days) {
      const findings = await findingsOf(host, { rollUps, rawDays, nowMs }, day, repair);
      totals.daysDone += 1;
      totals.found += findings.length;
      totals.repaired += findings.filter(({ isRepaired }) => isRepaired).length;
      yield { finished: false, day, findings, ...totals };
    }
    yield { finished: true, day: "", findings: [], ...totals };
  },
});

/** On record before anything is made anew; repeated after a crash, it comes to the same. */
async function recordRepair({ context }: LedgerHost): Promise<void> {
  await context.store.transaction().execute((transaction) =>
    recordChange(transaction, context, {
      action: "ledger.repair",
      entityId: "roll-ups",
      before: null,
      after: null,
    }),
  );
}

async function findingsOf(
  { client, whilePaused, log }: LedgerHost,
  shape: LedgerShape,
  day: string,
  repair: boolean,
): Promise<LedgerFinding[]> {
  const seen = await verifyDay(client, shape, day);
  if (seen.length === 0) return [];
  // What was just being inserted looks wrong: only what is still so in a pause counts.
  return whilePaused(async () => {
    const findings = await verifyDay(client, shape, day);
    if (!repair || !findings.some(({ check }) => check === "roll-up")) return findings;
    const repairs = await repairRollUps(client, [day], log);
    return [
      ...repairs.map(({ difference, isRepaired }) => rollUpFinding(difference, isRepaired)),
      ...findings.filter(({ check }) => check !== "roll-up"),
    ];
  });
}
