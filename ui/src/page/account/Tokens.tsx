// API tokens: for programs that act with the person's own rights.
import { Button, Stack } from "@mantine/core";
import { IconApi, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { Empty } from "~/pattern/Empty";
import { Await, Lines } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { Panel } from "~/pattern/Panel";
import { Snippet } from "~/pattern/Snippet";
import { CreateToken } from "./token/CreateToken";
import { curl } from "./token/curl";
import { TokenTable } from "./token/TokenTable";

export function Tokens() {
  const { t } = useTranslation("account");
  const [making, setMaking] = useState(false);
  const tokens = useQuery({ queryKey: keys.tokens, queryFn: () => body(api.GET("/api/v1/tokens")) });
  const none = tokens.data?.items.length === 0;
  const make = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
      {t("token.create")}
    </Button>
  );
  return (
    <Page title={t("token.title")} lead={t("token.lead")} actions={!none && make}>
      <Stack gap="md">
        <Panel flush={!none} title={none ? undefined : t("token.yours")}>
          <Await query={tokens} skeleton={<Lines count={4} />}>
            {({ items }) =>
              items.length > 0 ? (
                <TokenTable tokens={items} />
              ) : (
                <Empty icon={IconApi} title={t("token.empty.title")} action={make}>
                  {t("token.empty.words")}
                </Empty>
              )
            }
          </Await>
        </Panel>
        <Panel
          title={t("token.try.title")}
          lead={t("token.try.words")}
          actions={
            <Button component={Link} to="/reference" variant="default" size="xs">
              {t("token.try.reference")}
            </Button>
          }
        >
          <Snippet title={t("token.try.shell")} code={curl(window.location.origin)} />
        </Panel>
      </Stack>
      <CreateToken opened={making} onClose={() => setMaking(false)} />
    </Page>
  );
}
