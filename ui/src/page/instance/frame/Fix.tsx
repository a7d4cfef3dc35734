// The button that leads out of a situation: an action, or the page where it is mended.
import { Button, type ButtonProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { ButtonLink } from "~/pattern/LinkTo";
import { useMayChange } from "../agent";
import type { Fix as FixName } from "./situation";
import { useWish } from "./wish";

const PAGES = {
  channels: "/instances/$slug/channels",
  model: "/instances/$slug/model",
  usage: "/instances/$slug/usage",
  logs: "/instances/$slug/logs",
  settings: "/instances/$slug/settings",
} as const;

interface Props {
  agent: Instance;
  fix: FixName;
  variant?: ButtonProps["variant"];
}

export function Fix({ agent, fix, variant = "default" }: Props) {
  const { t } = useTranslation("instance");
  const wish = useWish(agent.slug);
  const mayChange = useMayChange();
  if (fix === "start" || fix === "restart") {
    if (!mayChange) return null;
    return (
      <Button size="xs" variant={variant} loading={wish.isPending} onClick={() => wish.mutate(fix)}>
        {t(`fix.${fix}`)}
      </Button>
    );
  }
  return (
    <ButtonLink size="xs" variant={variant} to={PAGES[fix]} params={{ slug: agent.slug }}>
      {t(`fix.${fix}`)}
    </ButtonLink>
  );
}
