// The plan has no room for another agent: said before any work is done, with the ways out.
import { Button, Group } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Plan } from "~/api/types";
import { price } from "~/format/number";
import { Notice } from "~/pattern/Notice";
import { roomierThan } from "../room";

interface Props {
  plan: Plan;
  plans: Plan[];
  count: number;
  onChoose: (plan: string) => void;
}

export function Full({ plan, plans, count, onChoose }: Props) {
  const { t } = useTranslation("wizard");
  const roomier = roomierThan(plans, count);
  return (
    <Notice
      tone="warn"
      title={t("full.title", { plan: plan.name, count: plan.instances })}
      action={
        <Group gap={8}>
          {roomier && (
            <Button size="xs" onClick={() => onChoose(roomier.id)}>
              {t("full.choose", { plan: roomier.name })}
            </Button>
          )}
          <Button component={Link} to="/instances" size="xs" variant="default">
            {t("full.agents")}
          </Button>
        </Group>
      }
    >
      {roomier
        ? t("full.other", { plan: roomier.name, count: roomier.instances, price: price(roomier.price_nano_usd) })
        : t("full.none")}
    </Notice>
  );
}
