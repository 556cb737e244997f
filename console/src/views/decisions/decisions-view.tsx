import { Button, SegmentedControl, Skeleton, Stack } from "@mantine/core";
import { ReloadIcon } from "@radix-ui/react-icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useDecisions } from "../../api/queries/use-decisions.ts";
import { formatClock } from "../../format/clock.ts";
import { PageHeader } from "../../parts/page-header.tsx";
import { Panel } from "../../parts/panel.tsx";
import { useServices } from "../../services.ts";
import { decisionFilters } from "../../url/decisions-search.ts";
import { DecisionDrawer } from "./decision-drawer.tsx";
import { DecisionList } from "./decision-list.tsx";
import classes from "./decisions-view.module.css";
import { LoadMore } from "./load-more.tsx";
import { NewDecisionsButton } from "./new-decisions-button.tsx";
import { NoDecisions } from "./no-decisions.tsx";

const skeleton = (
  <Stack gap={8}>
    {["a", "b", "c", "d", "e", "f"].map((id) => (
      <Skeleton key={id} h={64} radius="lg" />
    ))}
  </Stack>
);

/** What policy decided on the signed-in person's own calls, newest first. */
export function DecisionsView(): ReactElement {
  const { show = "all", decision } = useSearch({ from: "/decisions" });
  const navigate = useNavigate({ from: "/decisions" });
  const { ownTimeZone } = useServices();
  const decisions = useDecisions(show);
  const first = decisions.data?.pages[0];
  const since =
    first === undefined
      ? null
      : { newestId: first.decisions[0]?.id ?? "", readAtMs: decisions.dataUpdatedAt };
  return (
    <>
      <PageHeader
        title="Decisions"
        description={`What policy decided on your calls, and why · times in ${ownTimeZone.replaceAll("_", " ")}`}
      />
      <div className={classes["toolbar"]}>
        <SegmentedControl
          aria-label="Show"
          value={show}
          data={decisionFilters.map(({ value, label }) => ({ value, label }))}
          onChange={(value) => void navigate({ search: value === "all" ? {} : { show: value } })}
        />
        <div className={classes["toolbar"]}>
          <NewDecisionsButton show={show} since={since} onShow={() => void decisions.refetch()} />
          <Button
            variant="default"
            leftSection={<ReloadIcon aria-hidden />}
            loading={decisions.isRefetching}
            onClick={() => void decisions.refetch()}
          >
            {first === undefined
              ? "Refresh"
              : `Refresh · as of ${formatClock(first.asOfMs, ownTimeZone)}`}
          </Button>
        </div>
      </div>
      <Panel
        query={decisions}
        skeleton={skeleton}
        renderEmpty={({ pages }) =>
          pages.every((page) => page.decisions.length === 0) ? (
            <NoDecisions show={show} everDecided={pages.some((page) => page.everDecided)} />
          ) : null
        }
      >
        {({ pages }) => {
          const items = pages.flatMap((page) => page.decisions);
          return (
            <div>
              <DecisionList items={items} timeZone={ownTimeZone} openId={decision} />
              <LoadMore
                count={items.length}
                hasMore={decisions.hasNextPage}
                loading={decisions.isFetchingNextPage}
                onMore={() => void decisions.fetchNextPage()}
              />
            </div>
          );
        }}
      </Panel>
      <DecisionDrawer
        id={decision}
        onClose={() =>
          void navigate({
            search: show === "all" ? {} : { show },
            resetScroll: false,
          })
        }
      />
    </>
  );
}
