import { liftStop } from "../stops/lift-stop.ts";
import { setStop } from "../stops/set-stop.ts";
import type { Verb, VerbFixture } from "./verb.ts";

const stopBob = ({ context }: VerbFixture) =>
  setStop(context, { kind: "person", target: "bob", reason: "a loop" });

/** Stopping what runs, and letting it go on. */
export const stopVerbs: Readonly<Record<string, Verb>> = {
  "stopping somebody": {
    rows: ["stop.set"],
    from: ["control/stops/set-stop.ts"],
    over: "POST /api/stops",
    act: stopBob,
  },
  "lifting a stop": {
    rows: ["stop.lift"],
    from: ["control/stops/lift-stop.ts"],
    over: "POST /api/stops/{id}/lift",
    prepare: async (fixture) => (await stopBob(fixture)).id,
    act: ({ context }, stopId) => liftStop(context, { stopId, reason: "it is over" }),
  },
};
