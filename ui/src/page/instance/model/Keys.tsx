// Keys of the agent's own. They go in, are tried with their vendor, and never come out: four characters are all that is shown.
import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body, done } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import type { Instance, Plan, Provider } from "~/api/types";
import { groups, providerFor } from "~/feature/model/catalogue";
import { KeyForm } from "~/feature/model/KeyForm";
import { Confirm } from "~/pattern/Confirm";
import { Await } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { Time } from "~/pattern/Time";
import { useMayChange } from "../agent";
import classes from "./Model.module.css";

type Secret = components["schemas"]["SecretView"];

interface Props {
  agent: Instance;
  providers: Provider[];
  plan: Plan;
}

const secretsKey = (slug: string) => [...keys.instance(slug), "secrets"];

export function Keys({ agent, providers, plan }: Props) {
  const { t } = useTranslation("instance");
  const query = useQuery({
    queryKey: secretsKey(agent.slug),
    queryFn: () => body(api.GET("/api/v1/instances/{slug}/secrets", { params: { path: { slug: agent.slug } } })),
  });
  const current = providerFor(providers, agent.model);
  return (
    <Panel title={t("keys.title")} lead={t("keys.lead")}>
      <Await query={query}>
        {({ items }) => (
          <Vendors agent={agent} secrets={items} {...vendors(providers, plan, current, items)} current={current} />
        )}
      </Await>
    </Panel>
  );
}

/** First the vendor in use and those with a key; apart from them the others that the plan has models of. */
function vendors(providers: Provider[], plan: Plan, current: Provider | undefined, secrets: Secret[]) {
  const offered = new Set(groups(providers, plan).map(({ provider }) => provider.id));
  const has = ({ key }: Provider) => secrets.some(({ name }) => name === key?.secret_name);
  const keyed = providers.filter(({ key }) => key);
  return {
    first: [
      ...keyed.filter(({ id }) => id === current?.id),
      ...keyed.filter((one) => one.id !== current?.id && has(one)),
    ],
    others: keyed.filter((one) => one.id !== current?.id && !has(one) && offered.has(one.id)),
  };
}

interface VendorsProps {
  agent: Instance;
  secrets: Secret[];
  first: Provider[];
  others: Provider[];
  current?: Provider;
}

function Vendors({ agent, secrets, first, others, current }: VendorsProps) {
  const { t } = useTranslation("instance");
  const [all, setAll] = useState(false);
  const shown = all || first.length === 0 ? [...first, ...others] : first;
  return (
    <>
      <ul className={classes.keys}>
        {shown.map((provider) => (
          <Vendor
            key={provider.id}
            agent={agent}
            provider={provider}
            secret={secrets.find(({ name }) => name === provider.key?.secret_name)}
            inUse={provider.id === current?.id}
          />
        ))}
      </ul>
      {shown.length === first.length && others.length > 0 && (
        <Button mt={14} size="xs" variant="default" onClick={() => setAll(true)}>
          {t("keys.others", { count: others.length })}
        </Button>
      )}
    </>
  );
}

interface VendorProps {
  agent: Instance;
  provider: Provider;
  secret?: Secret;
  inUse: boolean;
}

function Vendor({ agent, provider, secret, inUse }: VendorProps) {
  const { t } = useTranslation("instance");
  const [editing, setEditing] = useState(false);
  const check = useCheck(agent.slug, provider, () => setEditing(false));
  const mayChange = useMayChange();
  return (
    <li className={classes.vendor}>
      <div className={classes.vendorLine}>
        <IconKey
          size={18}
          stroke={1.7}
          aria-hidden
          className={classes.keyIcon}
          data-there={secret ? true : undefined}
        />
        <div className={`${classes.vendorWords} foreign`}>
          <p className={classes.vendorName}>
            {provider.name} {inUse && <span className={classes.tag}>{t("keys.in_use")}</span>}
          </p>
          <p className={classes.soft}>
            {secret ? <Kept secret={secret} /> : t(provider.platform_key ? "keys.credit" : "keys.none")}
          </p>
        </div>
        {mayChange && !editing && (
          <div className={classes.vendorActions}>
            <Button size="xs" variant="default" onClick={() => setEditing(true)}>
              {secret ? t("keys.replace") : t("keys.add")}
            </Button>
            {secret && <Remove agent={agent} provider={provider} name={secret.name} inUse={inUse} />}
          </div>
        )}
      </div>
      {editing && (
        <div className={classes.entry}>
          <KeyForm provider={provider} check={check} verb={t("keys.save")} />
          <Button size="xs" variant="subtle" color="gray" onClick={() => setEditing(false)}>
            {t("keys.cancel")}
          </Button>
        </div>
      )}
    </li>
  );
}

function Kept({ secret }: { secret: Secret }) {
  const { t } = useTranslation("instance");
  return (
    <>
      {secret.last_four ? t("keys.ending", { last: secret.last_four }) : t("keys.there")} · {t("keys.since")}{" "}
      <Time at={secret.updated_at} /> · {t("keys.sent_to", { address: host(secret.sent_to) })}
    </>
  );
}

function host(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}

function useCheck(slug: string, provider: Provider, onDone: () => void) {
  const cache = useQueryClient();
  return async (key: { value: string; base_url?: string }) => {
    const name = provider.key?.secret_name ?? "";
    await body(
      api.PUT("/api/v1/instances/{slug}/secrets/{name}", {
        params: { path: { slug, name }, query: { test: true } },
        body: key,
      }),
    );
    await cache.invalidateQueries({ queryKey: keys.instance(slug) });
    onDone();
  };
}

function Remove({
  agent,
  provider,
  name,
  inUse,
}: {
  agent: Instance;
  provider: Provider;
  name: string;
  inUse: boolean;
}) {
  const { t } = useTranslation(["instance", "common"]);
  const [asking, setAsking] = useState(false);
  const cache = useQueryClient();
  const removal = useMutation({
    mutationFn: () =>
      done(api.DELETE("/api/v1/instances/{slug}/secrets/{name}", { params: { path: { slug: agent.slug, name } } })),
    onSuccess: () => {
      setAsking(false);
      return cache.invalidateQueries({ queryKey: keys.instance(agent.slug) });
    },
  });
  const after = !inUse ? "keys.remove_unused" : provider.platform_key ? "keys.remove_credit" : "keys.remove_silent";
  return (
    <>
      <Button size="xs" variant="subtle" color="gray" c="var(--bad)" onClick={() => setAsking(true)}>
        {t("common:action.remove")}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("keys.remove_title", { vendor: provider.name })}
        verb={t("keys.remove")}
        busy={removal.isPending}
        error={removal.error}
        onConfirm={() => removal.mutate()}
      >
        {t(after, { name: agent.name })}
      </Confirm>
    </>
  );
}
