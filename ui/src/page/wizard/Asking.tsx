// The frame of the questions: where one is, what is saved, one step, and the way on. Loads what all steps need.
import { Skeleton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "~/api/error";
import { Failure } from "~/pattern/Failure";
import { Await } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { ChannelStep } from "./channel/ChannelStep";
import { useDraft } from "./draft/useDraft";
import { Footer } from "./frame/Footer";
import { Full } from "./frame/Full";
import { Saved } from "./frame/Saved";
import { Stepper } from "./frame/Stepper";
import { ModelStep } from "./model/ModelStep";
import { NameStep } from "./name/NameStep";
import { ReviewStep } from "./review/ReviewStep";
import { useCreate } from "./review/useCreate";
import { fits, roomierThan } from "./room";
import { after, before, isAnswered, type Shop, type StepName, type StepProps, stepOf } from "./step";
import { useShop } from "./useShop";
import classes from "./Wizard.module.css";

/** The most general one; a server that does not know it gives the agent no character. */
const FIRST_CHARACTER = "assistant";

const PAGES = { name: NameStep, model: ModelStep, channel: ChannelStep, review: ReviewStep };

export function Asking({ wanted }: { wanted: StepName | undefined }) {
  const { t } = useTranslation("wizard");
  const draft = useDraft();
  const shop = useShop();
  return (
    <Page title={t("title")} mark={draft.data && <Saved answers={draft.data} />}>
      <Await query={shop} skeleton={<Shape />}>
        {(goods) => (
          <Await query={draft} skeleton={<Shape />}>
            {(answers) => <Steps answers={answers} shop={goods} wanted={wanted} />}
          </Await>
        )}
      </Await>
    </Page>
  );
}

interface Props {
  answers: StepProps["answers"];
  shop: Shop;
  wanted: StepName | undefined;
}

function Steps({ answers: typed, shop, wanted }: Props) {
  const navigate = useNavigate();
  const { answers: known, plan } = useDefaults(typed, shop);
  // Someone who comes back without naming a step goes on where they were.
  const [resumed] = useState(known.draft.step);
  const step = wanted ?? resumed;
  const [moved, setMoved] = useState(false);
  const go = (to: StepName) => {
    setMoved(true);
    known.change({ step: to });
    void known.flush().catch(() => undefined);
    void navigate({ to: "/new", search: { step: to } });
  };
  const create = useCreate(known, shop, plan, go);
  // What was refused is not said again about something else.
  const change: typeof known.change = (part) => {
    create.reset();
    known.change(part);
  };
  const answers = { ...known, change };
  const next = () => {
    if (step === "review") create.mutate();
    else {
      if (step === "name") answers.change({ persona_template: answers.draft.persona_template });
      if (step === "model") answers.change({ model: answers.draft.model });
      if (step === "channel") answers.change({ skip_channel: !answers.draft.telegram });
      go(after(step));
    }
  };
  const refused = answers.refusal ?? (create.error instanceof ApiError ? create.error : undefined);
  const here = refused && stepOf(refused.field ?? (refused.code === "slug_taken" ? "slug" : undefined));
  const At = PAGES[step];
  const previous = before(step);

  return (
    <div className={classes.wizard}>
      <Stepper step={step} draft={typed.draft} shop={shop} go={go} />
      {!fits(plan, shop.taken.length) && (
        <Full
          plan={plan}
          plans={shop.plans}
          count={shop.taken.length}
          onChoose={(id) => answers.change({ plan: id })}
        />
      )}
      <At
        key={step}
        answers={answers}
        shop={shop}
        plan={plan}
        go={go}
        next={next}
        focused={moved}
        refusal={here === step ? refused : undefined}
      />
      {refused && here !== step && <Failure error={refused} />}
      {create.error && !(create.error instanceof ApiError) && <Failure error={create.error} />}
      <Footer
        step={step}
        answered={isAnswered(step, answers.draft, shop)}
        busy={create.isPending || create.isSuccess}
        blocked={step === "review" && !fits(plan, shop.taken.length)}
        back={previous && (() => go(previous))}
        next={next}
      />
    </div>
  );
}

/** What holds where a person has not chosen: the smallest plan and its own model. */
function useDefaults(answers: StepProps["answers"], shop: Shop) {
  const { draft } = answers;
  const plan = shop.plans.find(({ id }) => id === draft.plan) ?? roomierThan(shop.plans, 0);
  if (!plan) throw ApiError.unreadable();
  const model = draft.model || plan.default_model;
  const persona_template = draft.persona_template ?? (draft.persona ? undefined : FIRST_CHARACTER);
  return { plan, answers: { ...answers, draft: { ...draft, model, persona_template } } };
}

function Shape() {
  return (
    <div className={classes.wizard} aria-busy="true">
      <Skeleton height={44} radius={10} />
      <Skeleton height={28} width={260} radius={6} />
      <Skeleton height={52} width="60%" radius={8} />
      <div className={classes.shapes}>
        {[0, 1, 2, 3, 4, 5].map((at) => (
          <Skeleton key={at} height={92} radius={12} />
        ))}
      </div>
    </div>
  );
}
