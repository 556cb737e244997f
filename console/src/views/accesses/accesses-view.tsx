import { Button, Paper, Skeleton, Stack } from "@mantine/core";
import { EyeOpenIcon, ReloadIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { useAccesses } from "../../api/queries/use-accesses.ts";
import { formatClock } from "../../format/clock.ts";
import { formatNoun } from "../../format/numbers.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Panel } from "../../parts/panel.tsx";
import { useServices } from "../../services.ts";
import { AccessList } from "./access-list.tsx";
import classes from "./access-list.module.css";

const skeleton = (
  <Stack gap={8}>
    {["a", "b", "c", "d"].map((id) => (
      <Skeleton key={id} h={64} radius="lg" />
    ))}
  </Stack>
);

const nobody = (
  <Paper withBorder radius="lg" bg="var(--weir-surface)">
    <EmptyState
      icon={<EyeOpenIcon aria-hidden width={20} height={20} />}
      title="Nobody has looked at your data"
    >
      Whoever reads your data, alone or with everybody&apos;s, is put on record before they get it:
      who, when and why. It will be listed here.
    </EmptyState>
  </Paper>
);

/** Who looked at the signed-in person's data, newest first. */
export function AccessesView(): ReactElement {
  const { ownTimeZone } = useServices();
  const accesses = useAccesses();
  const first = accesses.data?.pages[0];
  return (
    <>
      <PageHeader
        title="Who looked"
        description={`Who looked at your data, and why · times in ${ownTimeZone.replaceAll("_", " ")}`}
        aside={
          <Button
            variant="default"
            leftSection={<ReloadIcon aria-hidden />}
            loading={accesses.isRefetching}
            onClick={() => void accesses.refetch()}
          >
            {first === undefined
              ? "Refresh"
              : `Refresh · as of ${formatClock(first.asOfMs, ownTimeZone)}`}
          </Button>
        }
      />
      <Panel
        query={accesses}
        skeleton={skeleton}
        renderEmpty={({ pages }) =>
          pages.every((page) => page.accesses.length === 0) ? nobody : null
        }
      >
        {({ pages }) => {
          const items = pages.flatMap((page) => page.accesses);
          const shown = `${formatNoun(items.length, "look")} shown`;
          return (
            <div>
              <AccessList items={items} timeZone={ownTimeZone} />
              <div className={classes["more"]}>
                {accesses.hasNextPage ? (
                  <Button
                    variant="default"
                    onClick={() => void accesses.fetchNextPage()}
                    loading={accesses.isFetchingNextPage}
                  >
                    Load more
                  </Button>
                ) : null}
                <output>{accesses.hasNextPage ? shown : `All ${shown}`}</output>
              </div>
            </div>
          );
        }}
      </Panel>
    </>
  );
}
