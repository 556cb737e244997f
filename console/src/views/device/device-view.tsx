import { Paper } from "@mantine/core";
import { type ReactElement, useState } from "react";
import { useDecideDevice, useFindDevice } from "../../api/queries/use-device-login.ts";
import { Notice } from "../../parts/notice.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { describeError } from "../../parts/problem-words.ts";
import { CodeForm } from "./code-form.tsx";
import classes from "./device-view.module.css";
import { DeviceQuestion } from "./device-question.tsx";

/**
 * Where `weir login` sends people. The code is typed and never taken from the address: a link
 * that somebody else has sent must not be one click away from their getting a key.
 */
export function DeviceView(): ReactElement {
  const [userCode, setUserCode] = useState("");
  const found = useFindDevice();
  const decided = useDecideDevice();
  const failure = found.error ?? decided.error;
  const decide = (approve: boolean): void => decided.mutate({ userCode, approve });
  return (
    <>
      <PageHeader
        title="Sign in a device"
        description="Enter the code that weir login shows on the device in front of you."
      />
      <Paper withBorder radius="lg" bg="var(--weir-surface)" className={classes["card"] ?? ""}>
        {failure === null ? null : <Failure error={failure} />}
        {decided.isSuccess ? (
          <Outcome isApproved={decided.variables.approve} />
        ) : found.data === undefined ? (
          <CodeForm
            code={userCode}
            onChange={setUserCode}
            onSubmit={() => found.mutate(userCode)}
            isBusy={found.isPending}
          />
        ) : (
          <DeviceQuestion device={found.data} onDecide={decide} isBusy={decided.isPending} />
        )}
      </Paper>
    </>
  );
}

function Failure({ error }: { readonly error: Error }): ReactElement {
  const { title, detail } = describeError(error);
  return (
    <Notice tone="error" role="alert" title={title}>
      {detail}
    </Notice>
  );
}

function Outcome({ isApproved }: { readonly isApproved: boolean }): ReactElement {
  return isApproved ? (
    <Notice tone="info" role="alert" title="The device is signed in.">
      It gets its key within a few seconds. You can close this page.
    </Notice>
  ) : (
    <Notice tone="warning" role="alert" title="The device was refused.">
      It gets nothing. If you did not start this yourself, tell whoever looks after Weir.
    </Notice>
  );
}
