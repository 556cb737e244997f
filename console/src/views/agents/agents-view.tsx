import { Skeleton, Stack } from "@mantine/core";
import { PersonIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { useGrantChanges, useGrants } from "../../api/queries/use-grants.ts";
import { Card } from "../../parts/card.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { Notice } from "../../parts/notice.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Panel } from "../../parts/panel.tsx";
import { describeError } from "../../parts/problem-words.ts";
import { useServices } from "../../services.ts";
import { GrantTable } from "./grant-table.tsx";
import { NewGrantForm } from "./new-grant-form.tsx";

const nothing = (
  <Card title="Agents">
    <EmptyState
      icon={<PersonIcon aria-hidden width={20} height={20} />}
      title="No agent may act for you"
    >
      Grant one something above; you can take it back at any time.
    </EmptyState>
  </Card>
);

/** What agents may do in one's name: grant, see, take back. */
export function AgentsView(): ReactElement {
  const { nowMs, ownTimeZone } = useServices();
  const grants = useGrants();
  const { create, revoke } = useGrantChanges();
  const failure = create.error ?? revoke.error;
  const forget = (): void => {
    for (const change of [create, revoke]) change.reset();
  };
  return (
    <>
      <PageHeader
        title="Agents"
        description="An agent that you let act for you does it within your rights, its own, and what you grant here."
      />
      <Stack gap={16}>
        {failure === null ? null : (
          <Notice tone="error" role="alert" title={describeError(failure).title}>
            {describeError(failure).detail}
          </Notice>
        )}
        <Card
          title="Let an agent act for you"
          description="What it does is recorded as the agent's, in your name, and counts for your budgets."
        >
          <NewGrantForm
            isBusy={create.isPending}
            onCreate={(grant) => create.mutate(grant, { onSuccess: () => revoke.reset() })}
          />
        </Card>
        <Panel
          query={grants}
          skeleton={<Skeleton h={180} radius="lg" />}
          renderEmpty={({ grants: all }) => (all.length === 0 ? nothing : null)}
        >
          {({ grants: all }) => (
            <GrantTable
              grants={all}
              nowMs={nowMs()}
              timeZone={ownTimeZone}
              busyId={revoke.isPending ? revoke.variables : null}
              onRevoke={({ id }) => revoke.mutate(id, { onSuccess: forget })}
            />
          )}
        </Panel>
      </Stack>
    </>
  );
}
