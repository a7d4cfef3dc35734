// What holds for every operation.
import { Button, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { curl } from "~/page/account/token/curl";
import { Copy } from "~/pattern/Copy";
import { DataTable } from "~/pattern/DataTable";
import { Panel } from "~/pattern/Panel";
import { Snippet } from "~/pattern/Snippet";
import { pretty } from "../read/example";

const ENVELOPE = {
  error: {
    code: "invalid",
    message: "is taken",
    field: "slug",
    hint: "Choose another name.",
    request_id: "req_01J9ZK7Q",
  },
};

const STATUSES = ["400", "401", "402", "403", "404", "409", "422", "429", "503"] as const;

export function Intro({ version }: { version: string }) {
  const { t } = useTranslation("reference");
  const origin = window.location.origin;
  return (
    <Stack gap="md">
      <Panel title={t("intro.base.title")} lead={t("intro.base.words", { version })}>
        <Copy text={`${origin}/api/v1`} label={t("intro.base.title")} />
      </Panel>
      <Panel
        title={t("intro.token.title")}
        lead={t("intro.token.words")}
        actions={
          <Button component={Link} to="/account/tokens" variant="default" size="xs">
            {t("intro.token.go")}
          </Button>
        }
      >
        <Snippet title={t("request")} code={curl(origin)} />
      </Panel>
      <Panel title={t("intro.list.title")} lead={t("intro.list.words")}>
        <Snippet title={t("example")} code={pretty({ items: ["…"], next: "inst_…" })} />
      </Panel>
      <Panel title={t("intro.error.title")} lead={t("intro.error.words")}>
        <Snippet title={t("example")} code={pretty(ENVELOPE)} />
      </Panel>
      <Panel title={t("intro.status.title")} flush>
        <DataTable
          label={t("intro.status.title")}
          rows={[...STATUSES]}
          rowKey={(status) => status}
          columns={[
            { id: "status", header: t("intro.status.number"), width: "90px", cell: (status) => status },
            { id: "words", header: t("intro.status.means"), cell: (status) => t(`intro.status.${status}`) },
          ]}
        />
      </Panel>
    </Stack>
  );
}
