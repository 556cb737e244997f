import type { GrantView } from "@weir/gateway/contracts";
import { Button, Group, Table } from "@mantine/core";
import { type ReactElement, useState } from "react";
import { formatInstant, formatRelativeDay } from "../../format/clock.ts";
import { Card } from "../../parts/card.tsx";
import { agentWords, type GrantState, stateOf, usesOf } from "./grant-words.ts";
import classes from "../unpriced/unpriced-table.module.css";

const stateWords: Readonly<Record<GrantState, string>> = {
  live: "Live",
  ended: "Ended",
  revoked: "Revoked",
};

interface GrantTableProps {
  readonly grants: readonly GrantView[];
  readonly nowMs: number;
  readonly timeZone: string;
  readonly busyId: string | null;
  readonly onRevoke: (grant: GrantView) => void;
}

/** What agents may do in one's name, newest first. */
export function GrantTable(props: GrantTableProps): ReactElement {
  return (
    <Card title="Agents" description="An agent shows the id of its grant to get a token.">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls (WCAG 2.1.1) */}
      <section className={classes["scroll"]} aria-label="List of your agents" tabIndex={0}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              {["Agent", "State", "What for", "Last used", "Ends", "Actions"].map((title) => (
                <Table.Th key={title} scope="col">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.grants.map((each) => (
              <GrantRow key={each.id} item={each} {...props} />
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Card>
  );
}

function GrantRow({ item, nowMs, timeZone, ...props }: GrantTableProps & { item: GrantView }) {
  const state = stateOf(item, nowMs);
  const instant = (ms: number | null): ReactElement =>
    ms === null ? (
      <Table.Td>Not yet</Table.Td>
    ) : (
      <Table.Td title={formatInstant(ms, timeZone)}>
        {formatRelativeDay(ms, nowMs, timeZone)}
      </Table.Td>
    );
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {agentWords(item.agent)} <code>{item.id}</code>
      </Table.Th>
      <Table.Td>
        <span className={`${classes["state"]} ${state === "live" ? classes["priced"] : ""}`}>
          {stateWords[state]}
        </span>
      </Table.Td>
      <Table.Td>{usesOf(item)}</Table.Td>
      {instant(item.lastUsedAtMs)}
      {instant(item.revokedAtMs ?? item.untilMs)}
      <Table.Td>{state === "live" ? <RevokeAction item={item} {...props} /> : null}</Table.Td>
    </Table.Tr>
  );
}

type ActionProps = Pick<GrantTableProps, "busyId" | "onRevoke"> & { item: GrantView };

function RevokeAction({ item, busyId, onRevoke }: ActionProps): ReactElement {
  const [isSure, setSure] = useState(false);
  const name = agentWords(item.agent);
  if (!isSure) {
    return (
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => setSure(true)}
        aria-label={`Revoke ${name}`}
      >
        Revoke
      </Button>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="compact-sm"
        color="red"
        loading={busyId === item.id}
        onClick={() => onRevoke(item)}
      >
        Stop {name} for good
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setSure(false)}>
        Keep
      </Button>
    </Group>
  );
}
