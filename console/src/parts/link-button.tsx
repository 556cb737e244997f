import { Anchor, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, ReactElement, Ref } from "react";

type ButtonAnchorProps = ButtonProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & {
    readonly ref?: Ref<HTMLAnchorElement>;
  };

const ButtonAnchor = (props: ButtonAnchorProps): ReactElement => (
  <Button component="a" {...props} />
);

/** A link to another view that looks like a button. */
export const LinkButton = createLink(ButtonAnchor);

/** A link to another view, in text. */
export const LinkText = createLink(Anchor<"a">);
