import { Table } from "@mantine/core";
import type { OwnBudget } from "@weir/gateway/contracts";
import type { ReactElement } from "react";
import { Card } from "../../parts/card.tsx";
import { type BudgetWords, describeBudget } from "./describe-budget.ts";
import classes from "./models-card.module.css";

function Row({ budget }: { readonly budget: BudgetWords }): ReactElement {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes["model"] ?? ""}>
        {budget.id}
        <span className={classes["provider"]}>{budget.counts}</span>
      </Table.Th>
      <Table.Td>{budget.limit}</Table.Td>
      <Table.Td>
        <div className={classes["share"]}>
          <span className={classes["track"]} aria-hidden>
            {budget.share === null ? null : (
              <span
                className={classes["fill"]}
                style={{ width: `${(budget.share * 100).toFixed(2)}%` }}
              />
            )}
          </span>
          {budget.used ?? "counts others too"}
          {budget.isSpent ? <strong> spent</strong> : null}
        </div>
      </Table.Td>
      <Table.Td>{budget.resets}</Table.Td>
      <Table.Td>{budget.contact === "" ? "your platform team" : budget.contact}</Table.Td>
    </Table.Tr>
  );
}

interface BudgetsCardProps {
  readonly budgets: readonly OwnBudget[];
  readonly timeZone: string;
}

/** The limits that the reader's calls fall under, and what is used of their own. */
export function BudgetsCard({ budgets, timeZone }: BudgetsCardProps): ReactElement {
  if (budgets.length === 0) {
    return (
      <Card title="Budgets">
        <p>No limit applies to your calls.</p>
      </Card>
    );
  }
  return (
    <Card title="Budgets" description="What was used counts a few seconds later here">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls (WCAG 2.1.1) */}
      <section className={classes["scroll"]} aria-label="Budgets" tabIndex={0}>
        <Table verticalSpacing={8} className={classes["table"] ?? ""}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Budget</Table.Th>
              <Table.Th scope="col">Limit</Table.Th>
              <Table.Th scope="col">Used</Table.Th>
              <Table.Th scope="col">Begins anew</Table.Th>
              <Table.Th scope="col">Ask for more</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {budgets.map((budget) => (
              <Row key={budget.id} budget={describeBudget(budget, timeZone)} />
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Card>
  );
}
