import type { KeyView } from "@weir/gateway/contracts";
import { Button, Group, Table } from "@mantine/core";
import { type ReactElement, useState } from "react";
import { formatInstant, formatRelativeDay } from "../../format/clock.ts";
import { Card } from "../../parts/card.tsx";
import { type KeyState, stateOf, usesOf } from "./key-words.ts";
import classes from "../unpriced/unpriced-table.module.css";

const stateWords: Readonly<Record<KeyState, string>> = {
  live: "Live",
  expired: "Expired",
  revoked: "Revoked",
};

interface KeyTableProps {
  readonly keys: readonly KeyView[];
  readonly nowMs: number;
  readonly timeZone: string;
  readonly busyId: string | null;
  readonly onRotate: (key: KeyView) => void;
  readonly onRevoke: (key: KeyView) => void;
}

/** One's own keys, newest first. */
export function KeyTable(props: KeyTableProps): ReactElement {
  return (
    <Card title="Your keys" description="Only their first characters are kept in clear.">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls (WCAG 2.1.1) */}
      <section className={classes["scroll"]} aria-label="List of your keys" tabIndex={0}>
        <Table verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              {["Key", "State", "Used for", "Last used", "Ends", "Actions"].map((title) => (
                <Table.Th key={title} scope="col">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.keys.map((each) => (
              <KeyRow key={each.id} item={each} {...props} />
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Card>
  );
}

function KeyRow({ item, nowMs, timeZone, ...props }: KeyTableProps & { item: KeyView }) {
  const state = stateOf(item, nowMs);
  const instant = (ms: number | null, none: string): ReactElement =>
    ms === null ? (
      <Table.Td>{none}</Table.Td>
    ) : (
      <Table.Td title={formatInstant(ms, timeZone)}>
        {formatRelativeDay(ms, nowMs, timeZone)}
      </Table.Td>
    );
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {item.name} <code>{item.hint}…</code>
      </Table.Th>
      <Table.Td>
        <span className={`${classes["state"]} ${state === "live" ? classes["priced"] : ""}`}>
          {stateWords[state]}
        </span>
      </Table.Td>
      <Table.Td>{usesOf(item)}</Table.Td>
      {instant(item.lastUsedAtMs, "Not yet")}
      {instant(item.revokedAtMs ?? item.expiresAtMs, "When revoked")}
      <Table.Td>{state === "live" ? <KeyActions item={item} {...props} /> : null}</Table.Td>
    </Table.Tr>
  );
}

type ActionsProps = Pick<KeyTableProps, "busyId" | "onRotate" | "onRevoke"> & { item: KeyView };

function KeyActions({ item, busyId, onRotate, onRevoke }: ActionsProps): ReactElement {
  const [isSure, setSure] = useState(false);
  const loading = busyId === item.id;
  if (isSure) {
    return (
      <Group gap={6} wrap="nowrap">
        <Button size="compact-sm" color="red" loading={loading} onClick={() => onRevoke(item)}>
          Revoke {item.name} for good
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setSure(false)}>
          Keep
        </Button>
      </Group>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        loading={loading}
        onClick={() => onRotate(item)}
        aria-label={`Rotate ${item.name}`}
      >
        Rotate
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => setSure(true)}
        aria-label={`Revoke ${item.name}`}
      >
        Revoke
      </Button>
    </Group>
  );
}
