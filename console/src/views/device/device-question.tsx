import { Button } from "@mantine/core";
import type { DeviceRequest } from "@weir/gateway/contracts";
import type { ReactElement } from "react";
import { Notice } from "../../parts/notice.tsx";
import { useServices } from "../../services.ts";
import { useSignedIn } from "../../shell/me-context.ts";
import classes from "./device-view.module.css";

interface DeviceQuestionProps {
  readonly device: DeviceRequest;
  readonly onDecide: (approve: boolean) => void;
  readonly isBusy: boolean;
}

function lifetimeOf(keyLifetimeMs: number): string {
  const minutes = Math.round(keyLifetimeMs / 60_000);
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}

function agoOf(elapsedMs: number): string {
  const minutes = Math.floor(Math.max(0, elapsedMs) / 60_000);
  return minutes === 0 ? "less than a minute ago" : `${minutes} min ago`;
}

/** What the device would get, and the two answers. */
export function DeviceQuestion({ device, onDecide, isBusy }: DeviceQuestionProps): ReactElement {
  const { nowMs } = useServices();
  const { person } = useSignedIn();
  return (
    <div className={classes["form"]}>
      <p>
        A device that calls itself <strong>{device.deviceName}</strong> asked{" "}
        {agoOf(nowMs() - device.requestedAtMs)} to be signed in as <strong>{person.id}</strong>. It
        would get a key of yours for <strong>{lifetimeOf(device.keyLifetimeMs)}</strong>:
      </p>
      <ul>
        <li>It can call models as you, within your team’s rules; its use counts as yours.</li>
        <li>It cannot open this console, nor change anything in it.</li>
        <li>You can revoke it with weir logout on the device.</li>
      </ul>
      <Notice tone="warning" title="Did you just run weir login yourself?">
        If somebody sent you here, or gave you the code, refuse: they would act in your name.
      </Notice>
      <div className={classes["actions"]}>
        <Button onClick={() => onDecide(true)} loading={isBusy}>
          Yes, sign it in
        </Button>
        <Button onClick={() => onDecide(false)} disabled={isBusy} variant="default">
          Refuse
        </Button>
      </div>
    </div>
  );
}
