import { Anchor, Button } from "@mantine/core";
import { createLink } from "@tanstack/react-router";

/** A link to another view that looks like a button. */
export const LinkButton = createLink(Button<"a">);

/** A link to another view, in text. */
export const LinkText = createLink(Anchor<"a">);
