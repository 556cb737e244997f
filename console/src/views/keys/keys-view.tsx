import { Skeleton, Stack } from "@mantine/core";
import { LockClosedIcon } from "@radix-ui/react-icons";
import type { CreatedKeyView } from "@weir/gateway/contracts";
import { type ReactElement, useState } from "react";
import { useKeyChanges, useKeys } from "../../api/queries/use-keys.ts";
import { Card } from "../../parts/card.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { Notice } from "../../parts/notice.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Panel } from "../../parts/panel.tsx";
import { describeError } from "../../parts/problem-words.ts";
import { useServices } from "../../services.ts";
import { KeyTable } from "./key-table.tsx";
import { NewKeyForm } from "./new-key-form.tsx";
import { ShownKey } from "./shown-key.tsx";

const overlapMs = 86_400_000;

const nothing = (
  <Card title="Your keys">
    <EmptyState icon={<LockClosedIcon aria-hidden width={20} height={20} />} title="No keys yet">
      Create one above, and give it to a program in place of a provider&apos;s key.
    </EmptyState>
  </Card>
);

/** One's own keys: make, rotate, revoke. */
export function KeysView(): ReactElement {
  const { nowMs, ownTimeZone } = useServices();
  const keys = useKeys();
  const { create, rotate, revoke } = useKeyChanges();
  const [shown, setShown] = useState<CreatedKeyView | null>(null);
  const failure = create.error ?? rotate.error ?? revoke.error;
  const forget = (): void => {
    for (const change of [create, rotate, revoke]) change.reset();
  };
  const show = (created: CreatedKeyView): void => {
    forget();
    setShown(created);
  };
  const busyId = rotate.isPending
    ? rotate.variables.id
    : revoke.isPending
      ? revoke.variables
      : null;
  return (
    <>
      <PageHeader
        title="Keys"
        description="Programs call the gateway with a key of yours. What they do is recorded as yours."
      />
      <Stack gap={16}>
        {shown === null ? null : (
          <ShownKey name={shown.record.name} secret={shown.key} onDone={() => setShown(null)} />
        )}
        {failure === null ? null : (
          <Notice tone="error" role="alert" title={describeError(failure).title}>
            {describeError(failure).detail}
          </Notice>
        )}
        <Card
          title="New key"
          description="A rotated key gets a new secret; the old one works on for a day."
        >
          <NewKeyForm
            isBusy={create.isPending}
            onCreate={(key) => create.mutate(key, { onSuccess: show })}
          />
        </Card>
        <Panel
          query={keys}
          skeleton={<Skeleton h={180} radius="lg" />}
          renderEmpty={({ keys: all }) => (all.length === 0 ? nothing : null)}
        >
          {({ keys: all }) => (
            <KeyTable
              keys={all}
              nowMs={nowMs()}
              timeZone={ownTimeZone}
              busyId={busyId}
              onRotate={({ id }) => rotate.mutate({ id, overlapMs }, { onSuccess: show })}
              onRevoke={({ id }) => revoke.mutate(id, { onSuccess: forget })}
            />
          )}
        </Panel>
      </Stack>
    </>
  );
}
