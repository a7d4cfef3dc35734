// Turns the draft into an agent. Asked twice it makes one: the draft carries the agent's id.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { ApiError } from "~/api/error";
import { keys } from "~/api/keys";
import type { Plan } from "~/api/types";
import { slugFor } from "../name/slug";
import { type Shop, type StepProps, stepOf } from "../step";

export function useCreate(answers: StepProps["answers"], shop: Shop, plan: Plan, go: StepProps["go"]) {
  const { t } = useTranslation("wizard");
  const navigate = useNavigate();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const { draft } = answers;
      const name = draft.name?.trim() || t("name.default");
      // What was shown as chosen is what is made, also where nobody touched it.
      answers.change({
        name,
        slug: draft.slug && !shop.taken.includes(draft.slug) ? draft.slug : slugFor(name, shop.taken),
        persona_template: draft.persona_template,
        plan: plan.id,
        model: draft.model,
        skip_channel: !draft.telegram?.claimed_by,
        step: "review",
      });
      await answers.flush();
      return body(api.POST("/api/v1/draft/create"));
    },
    onSuccess: ({ instance, operation }) => {
      cache.setQueryData(keys.instance(instance.slug), instance);
      cache.setQueryData(keys.operation(operation.id), operation);
      void cache.invalidateQueries({ queryKey: keys.instances });
      answers.drop();
      void navigate({ to: "/new", search: { agent: instance.slug, operation: operation.id }, replace: true });
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      const step = error.code === "slug_taken" ? "name" : stepOf(error.field);
      if (step && step !== "review") go(step);
    },
  });
}
