import { Type } from "typebox";
import { showsNothing } from "../../views/view.ts";
import { defineOperation } from "../operation.ts";

const strict = { additionalProperties: false } as const;

/** `weir ledger ship` */
export const shipOperation = defineOperation({
  name: "ship",
  summary: "Ship to ClickHouse what is in the spools now",
  permission: "ledger:operate",
  view: showsNothing,
  request: Type.Object({}, strict),
  step: Type.Object({ finished: Type.Boolean() }, strict),
  async *run(host) {
    yield { finished: false };
    await host.shipNow();
    yield { finished: true };
  },
});
