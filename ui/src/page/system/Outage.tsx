// Creel, its database or the network is away. Asks by itself whether they are back, and then lets the page try again.
import { Button } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStatus, useTrouble } from "~/api/status";
import { Cut } from "./Drawing";
import { Scene } from "./Scene";

interface Props {
  retry: () => void;
  /** For support, when the server answered at all. */
  requestId?: string;
}

export function Outage({ retry, requestId }: Props) {
  const { t } = useTranslation(["system", "common"]);
  const { online } = useNetwork();
  const { trouble } = useTrouble();
  useReturn(retry);
  const kind = !online ? "offline" : trouble === "database" ? "database" : "unreachable";
  return (
    <Scene
      alert
      title={t(`system:${kind}.title`)}
      drawing={<Cut />}
      note={requestId && t("common:error.reference", { id: requestId })}
      actions={
        <Button variant="default" onClick={retry}>
          {t("common:action.retry")}
        </Button>
      }
    >
      <p>{t(`system:${kind}.words`)}</p>
      <p>{t("system:waits")}</p>
    </Scene>
  );
}

/** Calls once for every look that finds Creel and its database there. */
export function useReturn(back: () => void) {
  const { data, isError, dataUpdatedAt } = useStatus();
  const latest = useRef(back);
  latest.current = back;
  // An answer from before the failure says nothing about now.
  const since = useRef(Date.now());
  const well = !isError && data?.database === "ok" && dataUpdatedAt > since.current;
  useEffect(() => {
    if (well && dataUpdatedAt) latest.current();
  }, [well, dataUpdatedAt]);
}
