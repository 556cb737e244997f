import type { OwnStops } from "@weir/gateway/contracts";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactElement, useState } from "react";
import { useStopChanges, useStops } from "../api/queries/use-stops.ts";
import { Notice } from "../parts/notice.tsx";
import { describeError } from "../parts/problem-words.ts";
import { stopTitle } from "./stop-words.ts";

type Stop = OwnStops["stops"][number];
const maxShown = 5;

/** Says on every page what is stopped, and lets those lift it who may. */
export function StopBanner(): ReactElement | null {
  const { data } = useStops();
  if (data === undefined || (data.stops.length === 0 && data.othersInForce === 0)) return null;
  const shown = data.stops.slice(0, maxShown);
  const hidden = data.stops.length - shown.length + data.othersInForce;
  return (
    <Stack gap={8} component="section" aria-label="Stops in force" mb={16}>
      {shown.map((stop) => (
        <StopNotice key={stop.id} stop={stop} isForAll={data.permissions.lift} />
      ))}
      {hidden === 0 ? null : (
        <Notice
          tone="warning"

          title={hidden === 1 ? "1 more stop" : `${hidden} more stops`}
        >
          in force. <code>weir stop list</code> shows all of them.
        </Notice>
      )}
    </Stack>
  );
}

function StopNotice({ stop, isForAll }: { readonly stop: Stop; readonly isForAll: boolean }) {
  const [isLifting, setLifting] = useState(false);
  const what = stop.kind === "all" ? "everything" : `the ${stop.kind} ${stop.target}`;
  return (
    <Notice
      tone="error"

      title={stopTitle(stop)}
      action={
        stop.mayLift && !isLifting ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setLifting(true)}
            aria-label={`Lift the stop of ${what}`}
          >
            Lift
          </Button>
        ) : null
      }
    >
      {stop.reason}
      {isLifting ? (
        <LiftForm id={stop.id} isOwn={!isForAll} onCancel={() => setLifting(false)} />
      ) : null}
    </Notice>
  );
}

interface LiftFormProps {
  readonly id: string;
  readonly isOwn: boolean;
  readonly onCancel: () => void;
}

function LiftForm({ id, isOwn, onCancel }: LiftFormProps): ReactElement {
  const { lift } = useStopChanges();
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    lift.mutate({ isOwn, id, reason: reason.trim() });
  };
  const failure = lift.error === null ? undefined : describeError(lift.error).title;
  return (
    <form onSubmit={submit} aria-label="Lift the stop">
      <Group align="end" gap={8} mt={8}>
        <TextInput
          label="Why it may go on"
          required
          maxLength={500}
          value={reason}
          error={failure}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" loading={lift.isPending} disabled={reason.trim() === ""}>
          Let it go on
        </Button>
        <Button variant="default" onClick={onCancel}>
          Keep it stopped
        </Button>
      </Group>
    </form>
  );
}
