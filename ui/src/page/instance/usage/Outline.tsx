// The usage pages before their figures are there: as high as they will be, so that nothing jumps.
import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import classes from "./Usage.module.css";

export function Outline() {
  const { t } = useTranslation("instance");
  return (
    <>
      <Panel
        title={t("usage.month")}
        lead={<Skeleton component="span" display="inline-block" height={12} width={210} />}
      >
        <div className={classes.numbers} aria-busy="true">
          {["a", "b", "c", "d"].map((figure) => (
            <div key={figure} className={classes.number}>
              <Skeleton height={13} width="50%" radius={6} my={4} />
              <Skeleton height={24} width="70%" radius={6} my={4} />
            </div>
          ))}
        </div>
      </Panel>
      <Panel title={t("limits.title")}>
        <Lines count={3} height={18} />
      </Panel>
      <Panel title={t("usage.by_day")} lead={t("usage.utc")}>
        <div className={classes.figure}>
          <Skeleton height="100%" radius={8} />
        </div>
      </Panel>
    </>
  );
}
