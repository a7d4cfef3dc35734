// Short names for the generated types that pages use.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Instance = Schemas["InstanceView"];
export type Operation = Schemas["OperationBody"];
export type OperationRef = Schemas["OperationRef"];
export type Step = Schemas["StepBody"];
export type Me = Schemas["Me"];
export type Plan = Schemas["PlanView"];
export type Provider = Schemas["ProviderView"];
export type Model = Schemas["ModelView"];
export type Health = Schemas["HealthView"];
export type Usage = Schemas["UsageView"];
/** Days by model are shown where the answer has them. */
export type TenantUsage = Schemas["TenantUsage"] & { by_day_model?: Schemas["DayModel"][] };
export type CauseUsage = Schemas["CauseUsage"];
export type Forecast = Schemas["Forecast"];
export type LimitView = Schemas["LimitView"];
export type ModelCall = Schemas["ModelCall"];
export type Draft = Schemas["Draft"];
export type TelegramClaim = Schemas["TelegramClaim"];
export type Persona = Schemas["PersonaView"];
export type Notification = Schemas["NotificationView"];
export type AuditEntry = Schemas["AuditView"];
export type Status = Schemas["StatusView"];
export type State = Instance["state"];
export type OperationKind = Operation["kind"];
