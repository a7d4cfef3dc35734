// What saving would change, for whom and from when. Said while one types.

import { IconArrowRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Plan } from "~/api/types";
import { whole } from "~/format/number";
import { effects } from "./effects";
import classes from "./Plans.module.css";
import { useValue } from "./words";

export function useAgentsOn(plan: string) {
  return useQuery({
    queryKey: [...keys.operator, "instances", "count", plan],
    queryFn: () => body(api.GET("/api/v1/operator/instances", { params: { query: { plan, limit: 1 } } })),
  }).data?.total;
}

interface Props {
  before: Plan;
  after: Plan;
  /** Something is typed in part, and `after` has nothing of it. */
  incomplete: boolean;
}

export function Effects({ before, after, incomplete }: Props) {
  const { t } = useTranslation("operator");
  const value = useValue();
  const agents = useAgentsOn(before.id);
  const changes = effects(before, after);
  return (
    <section className={classes.effects} aria-live="polite" aria-label={t("plans.effects")}>
      <h3 className={classes.effectsTitle}>{t("plans.effects")}</h3>
      {incomplete && <p className={classes.soft}>{t("plans.left_out")}</p>}
      {changes.length === 0 ? (
        !incomplete && <p className={classes.soft}>{t("plans.no_effects")}</p>
      ) : (
        <ul className={classes.changes}>
          {changes.map(({ field, when }) => (
            <li key={field}>
              <span className={classes.change}>
                <strong>{t(`plans.field.${field}`)}</strong>
                <span className="foreign">{value(before, field)}</span>
                <IconArrowRight size={14} role="img" aria-label={t("plans.becomes")} />
                <span className="foreign">{value(after, field)}</span>
              </span>
              <span className={classes.soft}>
                {t(`plans.when.${when}`, { count: agents ?? 0, amount: whole(agents ?? 0) })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
