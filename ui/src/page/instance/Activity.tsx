// What was done to this agent, by whom.
import { IconActivity } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "~/pattern/Empty";
import { Await, Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { Entries } from "./activity/Entries";
import { useHistory } from "./activity/history";
import { useAgent } from "./agent";

export function Activity() {
  const { t } = useTranslation("instance");
  const agent = useAgent();
  const query = useHistory({ target: agent.id });
  return (
    <Await
      query={{ ...query, data: query.entries }}
      skeleton={
        <Panel>
          <Lines count={6} height={20} />
        </Panel>
      }
    >
      {(entries) =>
        entries.length === 0 ? (
          <Panel>
            <Empty icon={IconActivity} title={t("activity.none")} />
          </Panel>
        ) : (
          <Entries
            entries={entries}
            about="this"
            more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() }}
          />
        )
      }
    </Await>
  );
}
