import { Menu, UnstyledButton } from "@mantine/core";
import { CaretSortIcon, ExitIcon } from "@radix-ui/react-icons";
import type { ReactElement } from "react";
import { useEndSession } from "../api/queries/use-end-session.ts";
import { initialsOf } from "./initials.ts";
import { useSignedIn } from "./me-context.ts";
import classes from "./person-menu.module.css";

/** Who is signed in, and the way out. */
export function PersonMenu(): ReactElement {
  const { person, version } = useSignedIn();
  const endSession = useEndSession();
  const name = person.name === "" ? person.id : person.name;
  return (
    <Menu position="top-start" width={220} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes["button"] ?? ""} aria-label={`${name}, account menu`}>
          <span className={classes["avatar"]} aria-hidden>
            {initialsOf(name)}
          </span>
          <span className={classes["words"]}>
            <span className={classes["name"]}>{name}</span>
            <span className={classes["team"]}>{person.teamId}</span>
          </span>
          <CaretSortIcon aria-hidden className={classes["caret"] ?? ""} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} · team {person.teamId}
          <br />
          {person.id} · {person.roles.join(", ")}
          <br />
          Weir {version}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          leftSection={<ExitIcon aria-hidden />}
          disabled={endSession.isPending}
          closeMenuOnClick={false}
          onClick={() => endSession.mutate()}
        >
          {endSession.isError ? "Sign out failed: try again" : "Sign out"}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
