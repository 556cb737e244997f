import { Button, Skeleton } from "@mantine/core";
import { ReloadIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { useLedgerStatus } from "../../api/queries/use-ledger-status.ts";
import { Notice } from "../../parts/notice.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { Panel } from "../../parts/panel.tsx";
import { useServices } from "../../services.ts";
import { AuditTable } from "./audit-table.tsx";
import { LedgerTable } from "./ledger-table.tsx";
import { noticeOf } from "./ledger-words.ts";

const skeleton = <Skeleton h={340} radius="lg" />;

/** For those who run Weir: whether every call gets where it is counted. */
export function LedgerView(): ReactElement {
  const { ownTimeZone } = useServices();
  const query = useLedgerStatus();
  const notice = query.data === undefined ? null : noticeOf(query.data);
  return (
    <>
      <PageHeader
        title="Ledger"
        description={`The record of every call · times in ${ownTimeZone.replaceAll("_", " ")}`}
        aside={
          <Button
            variant="default"
            leftSection={<ReloadIcon aria-hidden />}
            loading={query.isRefetching}
            onClick={() => void query.refetch()}
          >
            Refresh
          </Button>
        }
      />
      {notice === null ? null : (
        <Notice tone={notice.tone} title={notice.title}>
          {notice.advice}
        </Notice>
      )}
      <Panel query={query} skeleton={skeleton} renderEmpty={() => null}>
        {(status) => (
          <>
            <LedgerTable status={status} timeZone={ownTimeZone} />
            <AuditTable audit={status.audit} outbox={status.outbox} timeZone={ownTimeZone} />
          </>
        )}
      </Panel>
    </>
  );
}
