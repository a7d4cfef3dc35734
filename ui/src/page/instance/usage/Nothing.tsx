// No agent has called a model yet.
import { IconChartBar } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "~/pattern/Empty";
import { Panel } from "~/pattern/Panel";

export function Nothing() {
  const { t } = useTranslation("instance");
  return (
    <Panel>
      <Empty icon={IconChartBar} title={t("usage.empty_title")}>
        {t("usage.empty")}
      </Empty>
    </Panel>
  );
}
