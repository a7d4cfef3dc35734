// For newcomers: there is no list yet, so there is one thing to do. Whoever left the way half-way goes on where they stopped.
import { IconRobot } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { Empty } from "~/pattern/Empty";
import { ButtonLink } from "~/pattern/LinkTo";
import { Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";

const STEPS = { name: 1, model: 2, channel: 3, review: 4 } as const;

export function FirstAgent() {
  const { t } = useTranslation("instance");
  const { data: draft, isPending } = useDraft();
  const begun = draft?.updated_at !== undefined;
  if (isPending)
    return (
      <Panel>
        <Lines count={4} height={24} />
      </Panel>
    );
  return (
    <Panel>
      <Empty
        icon={IconRobot}
        title={begun ? t("first.begun_title") : t("first.title")}
        action={<ButtonLink to="/new">{begun ? t("first.resume") : t("first.create")}</ButtonLink>}
      >
        {begun
          ? t("first.begun", { name: draft.name ?? t("first.unnamed"), step: STEPS[draft.step] })
          : t("first.lead")}
      </Empty>
    </Panel>
  );
}

function useDraft() {
  return useQuery({ queryKey: keys.draft, queryFn: () => body(api.GET("/api/v1/draft")) });
}
