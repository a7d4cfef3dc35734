// Mantine's button and anchor as links of our router: places are checked by the compiler, pages are fetched on intent.
import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type Html<P> = P & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof P> & { ref?: Ref<HTMLAnchorElement> };

export const ButtonLink = createLink((props: Html<ButtonProps>) => <Button component="a" {...props} />);
export const AnchorLink = createLink((props: Html<AnchorProps>) => <Anchor {...props} />);
