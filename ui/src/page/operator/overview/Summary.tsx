// Whether everything Creel stands on is well, in one line, with a word for each part.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Badge } from "~/pattern/Badge";
import { LOOKS, partsQuery, worst } from "../health/parts";
import classes from "./Overview.module.css";

export function Summary() {
  const { t } = useTranslation("operator");
  const { data, isError } = useQuery(partsQuery);
  const whole = isError ? "unknown" : data ? worst(data.items) : undefined;
  return (
    <Link to="/operator/health" className={classes.summary} data-tone={whole && LOOKS[whole].tone}>
      <span className={classes.summaryWords}>{whole ? t(`health.whole.${whole}`) : t("health.looking")}</span>
      <span className={classes.parts}>
        {data?.items.map(({ id, status }) => (
          <Badge key={id} look={LOOKS[status]}>
            {t(`health.part.${id}`)}
          </Badge>
        ))}
      </span>
    </Link>
  );
}
