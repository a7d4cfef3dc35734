// A part of the console cannot be fetched any more. Mostly Creel was updated while the page was open: then it is reloaded by itself, once.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useStatus } from "~/api/status";
import { Fresh } from "./Drawing";
import { Outage, useReturn } from "./Outage";
import { mayReload, reload } from "./reload";
import { Scene } from "./Scene";

export function Updated() {
  const { t } = useTranslation("system");
  const { isError } = useStatus();
  const [byItself] = useState(mayReload);
  useReturn(() => {
    if (byItself) reload();
  });
  // Reloading without a server would show the browser's own error page.
  if (isError) return <Outage retry={reload} />;
  return (
    <Scene
      alert
      title={t("updated.title")}
      drawing={<Fresh />}
      actions={<Button onClick={reload}>{t("updated.reload")}</Button>}
    >
      <p>{byItself ? t("updated.soon") : t("updated.words")}</p>
    </Scene>
  );
}
