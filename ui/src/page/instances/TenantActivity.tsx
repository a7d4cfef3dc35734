// Everything that was done in the reader's tenant, in words.
import { Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconActivity, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "~/page/instance/activity/Activity.module.css";
import { Entries } from "~/page/instance/activity/Entries";
import { useHistory } from "~/page/instance/activity/history";
import { Empty } from "~/pattern/Empty";
import { Await, Lines } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { Panel } from "~/pattern/Panel";

const KINDS = ["all", "instance", "channel", "secret", "session", "token", "account"] as const;
type Kind = (typeof KINDS)[number];

export function TenantActivity() {
  const { t } = useTranslation("instance");
  const [kind, setKind] = useState<Kind>("all");
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 250);
  const query = useHistory({ ...(kind !== "all" && { action: kind }), ...(asked && { q: asked }) });
  return (
    <Page title={t("activity.title")} lead={t("activity.lead")}>
      <search className={classes.tools}>
        <TextInput
          className={classes.search}
          type="search"
          aria-label={t("activity.search")}
          placeholder={t("activity.search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          maxLength={100}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          className={classes.kind}
          aria-label={t("activity.filter")}
          data={KINDS.map((value) => ({ value, label: t(`activity.kind.${value}`) }))}
          value={kind}
          onChange={(value) => setKind((value ?? "all") as Kind)}
        />
      </search>
      <Await
        query={{ ...query, data: query.entries }}
        skeleton={
          <Panel>
            <Lines count={8} height={20} />
          </Panel>
        }
      >
        {(entries) =>
          entries.length === 0 ? (
            <Panel>
              <Empty icon={IconActivity} title={asked || kind !== "all" ? t("activity.nothing") : t("activity.none")} />
            </Panel>
          ) : (
            <Entries
              entries={entries}
              more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }}
            />
          )
        }
      </Await>
    </Page>
  );
}
