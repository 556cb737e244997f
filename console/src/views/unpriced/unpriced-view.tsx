import { Button, Paper, Skeleton, Stack } from "@mantine/core";
import { CheckCircledIcon, ReloadIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { useUnpricedModels } from "../../api/queries/use-unpriced-models.ts";
import { formatClock } from "../../format/clock.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Panel } from "../../parts/panel.tsx";
import { useNow } from "../../parts/use-now.ts";
import { useServices } from "../../services.ts";
import { PriceRemedies } from "./price-remedies.tsx";
import { UnpricedTable } from "./unpriced-table.tsx";

const skeleton = (
  <Stack gap={16}>
    <Skeleton h={260} radius="lg" />
    <Skeleton h={180} radius="lg" />
  </Stack>
);

const nothing = (
  <Paper withBorder radius="lg" bg="var(--weir-surface)">
    <EmptyState
      icon={<CheckCircledIcon aria-hidden width={20} height={20} />}
      title="Every billed call on record has a cost"
    >
      A model that neither weir.yaml nor the public price table knows will be listed here, with the
      lines that give it a price.
    </EmptyState>
  </Paper>
);

/** For admins and finance: what has no price, and what to do about it. */
export function UnpricedView(): ReactElement {
  const { ownTimeZone } = useServices();
  const nowMs = useNow(60_000);
  const unpriced = useUnpricedModels();
  const { data } = unpriced;
  return (
    <>
      <PageHeader
        title="Unpriced models"
        description={`Calls whose cost nobody knows · times in ${ownTimeZone.replaceAll("_", " ")}`}
        aside={
          <Button
            variant="default"
            leftSection={<ReloadIcon aria-hidden />}
            loading={unpriced.isRefetching}
            onClick={() => void unpriced.refetch()}
          >
            {data === undefined
              ? "Refresh"
              : `Refresh · as of ${formatClock(data.asOfMs, ownTimeZone)}`}
          </Button>
        }
      />
      <Panel
        query={unpriced}
        skeleton={skeleton}
        renderEmpty={({ models }) => (models.length === 0 ? nothing : null)}
      >
        {({ models }) => (
          <>
            <UnpricedTable models={models} nowMs={nowMs} timeZone={ownTimeZone} />
            <PriceRemedies models={models} />
          </>
        )}
      </Panel>
    </>
  );
}
