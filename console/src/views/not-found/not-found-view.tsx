import { Paper } from "@mantine/core";
import { MagnifyingGlassIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { EmptyState } from "../../parts/empty-state.tsx";
import { LinkButton } from "../../parts/link-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";

export function NotFoundView(): ReactElement {
  return (
    <>
      <PageHeader title="Page not found" description="Error 404" />
      <Paper withBorder radius="lg" bg="var(--weir-surface)">
        <EmptyState
          icon={<MagnifyingGlassIcon aria-hidden width={20} height={20} />}
          title="There is nothing at this address"
          actions={<LinkButton to="/usage">Go to My usage</LinkButton>}
        >
          The link may be incomplete, or from a newer Weir than this one.
        </EmptyState>
      </Paper>
    </>
  );
}
