import type { UnpricedModel } from "@weir/gateway/contracts";
import { Table } from "@mantine/core";
import { CheckCircledIcon, QuestionMarkCircledIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { formatInstant, formatRelativeDay } from "../../format/clock.ts";
import { formatCompact, formatCount } from "../../format/numbers.ts";
import { Card } from "../../parts/card.tsx";
import classes from "./unpriced-table.module.css";

interface UnpricedTableProps {
  readonly models: readonly UnpricedModel[];
  readonly nowMs: number;
  readonly timeZone: string;
}

function PriceState({ hasPriceNow }: Pick<UnpricedModel, "hasPriceNow">): ReactElement {
  return hasPriceNow ? (
    <span className={`${classes["state"]} ${classes["priced"]}`}>
      <CheckCircledIcon aria-hidden /> Has a price now
    </span>
  ) : (
    <span className={`${classes["state"]} ${classes["unpriced"]}`}>
      <QuestionMarkCircledIcon aria-hidden /> No price
    </span>
  );
}

/** Models without a cost, those with the most tokens first. */
export function UnpricedTable({ models, nowMs, timeZone }: UnpricedTableProps): ReactElement {
  const day = (ms: number): ReactElement => (
    <Table.Td title={formatInstant(ms, timeZone)}>
      {formatRelativeDay(ms, nowMs, timeZone)}
    </Table.Td>
  );
  return (
    <Card
      title="Models without a cost"
      description="Of everybody's calls on record, those with the most tokens first. Their cost is unknown, not zero: every sum of spend leaves it out."
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls (WCAG 2.1.1) */}
      <section className={classes["scroll"]} aria-label="Models without a cost" tabIndex={0}>
        <Table verticalSpacing={8} className={classes["table"] ?? ""}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Model</Table.Th>
              <Table.Th scope="col">Price</Table.Th>
              <Table.Th scope="col" ta="right">
                Calls
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Tokens
              </Table.Th>
              <Table.Th scope="col">First seen</Table.Th>
              <Table.Th scope="col">Last seen</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {models.map((each) => (
              <Table.Tr key={`${each.provider}/${each.model}`}>
                <Table.Th scope="row" className={classes["model"] ?? ""}>
                  {each.model}
                  <span className={classes["provider"]}>{each.provider}</span>
                </Table.Th>
                <Table.Td>
                  <PriceState hasPriceNow={each.hasPriceNow} />
                </Table.Td>
                <Table.Td ta="right">{formatCount(each.calls)}</Table.Td>
                <Table.Td ta="right" title={`${formatCount(each.tokens)} tokens`}>
                  {formatCompact(each.tokens)}
                </Table.Td>
                {day(each.firstSeenMs)}
                {day(each.lastSeenMs)}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Card>
  );
}
