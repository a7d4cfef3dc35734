// One change in one line.
import { useTranslation } from "react-i18next";
import { isOver } from "~/api/operation";
import { duration, whole } from "~/format/number";
import { StatusBadge } from "~/pattern/Badge";
import { Time, useNow } from "~/pattern/Time";
import classes from "./Operations.module.css";
import { type FleetOperation, tookMs } from "./operation";

export function Line({ row }: { row: FleetOperation }) {
  const { t } = useTranslation(["operator", "common"]);
  return (
    <span className={classes.line}>
      <span className={classes.what}>
        <span className={`${classes.title} foreign`}>
          {t(`common:operation.${row.kind}`)} · {row.slug}
        </span>
        <span className={`${classes.soft} truncate foreign`}>
          {row.status === "failed" && row.error ? row.error : t("operations.for", { owner: row.owner })}
        </span>
      </span>
      <span className={classes.steps}>
        {!isOver(row) && row.steps > 0 && (
          <span className={`${classes.soft} figures`}>
            {t("operations.steps", { done: whole(row.steps_done), count: row.steps })}
          </span>
        )}
      </span>
      <StatusBadge status={row.status} />
      <span className={classes.when}>
        <Time at={row.created_at} />
        <Took row={row} />
      </span>
    </span>
  );
}

function Took({ row }: { row: FleetOperation }) {
  const { t } = useTranslation(["operator", "common"]);
  const over = isOver(row);
  const now = useNow(over ? 60_000 : 1_000);
  const time = { duration: duration(tookMs(row, now)) };
  return (
    <span className={`${classes.soft} figures`}>{over ? t("common:took", time) : t("operations.so_far", time)}</span>
  );
}
