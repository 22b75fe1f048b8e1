import type { Options } from "../../../../sandbox/openstack/core.ts";
import { createSandbox, type Sandbox } from "../../../../sandbox/openstack/index.ts";
import type { Config, Tenant } from "../../../../shared/cluster/config.ts";
import {
  type Examination,
  examine,
  type Level,
  type Line,
  type Patient,
} from "../../../../shared/cluster/doctor/index.ts";
import type { CloudSettings } from "../../../../shared/openstack/clouds.ts";
import { connect } from "../../../../shared/openstack/connect.ts";
import type { HttpRequest, Send } from "../../../../shared/openstack/send.ts";
import { exampleConfig } from "../../../support/bot.ts";
import { countedChance, virtualClock } from "../../../support/virtual.ts";

export interface Case {
  readonly options?: Options;
  readonly tenant?: Partial<Tenant>;
  readonly templates?: Config["templates"];
  readonly login?: (settings: CloudSettings) => CloudSettings;
  readonly wire?: (send: Send) => Send;
  /** Makes something go wrong before anybody looks. */
  readonly harm?: (cloud: Sandbox) => void;
}

/** The example's team-a on a cloud of its own, and all that was asked of that. */
export function patient({ options, tenant, templates, login = (one) => one, wire = (one) => one, harm }: Case = {}) {
  const clock = virtualClock();
  const chance = countedChance();
  const sandbox = createSandbox({ clock, chance, ...(options === undefined ? {} : { options }) });
  harm?.(sandbox);
  const asked: HttpRequest[] = [];
  const send: Send = (request) => {
    asked.push(request);
    return wire(sandbox.send)(request);
  };
  const config = exampleConfig();
  const found = config.tenants["team-a"];
  if (found === undefined) throw new Error("the example has a team-a");
  const cloud = connect(login(sandbox.settings("team-a")), { ...clock, send });
  const one: Patient = {
    name: "team-a",
    tenant: { ...found, ...tenant },
    templates: templates ?? config.templates,
    cloud,
    nowMs: clock.nowMs,
    token: chance.token,
  };
  return {
    patient: one,
    sandbox,
    clock,
    cloud,
    asked,
    examine: (): Promise<Examination> => examine(one),
    /** Names of credentials and access rules that are in the project. */
    logins: (): readonly string[] =>
      sandbox
        .everything("team-a")
        .filter(({ type }) => type === "application-credential" || type === "access-rule")
        .map(({ type, name }) => `${type} ${name}`),
  };
}

export const at = ({ lines }: Examination, level: Level): readonly Line[] =>
  lines.filter((line) => line.level === level);

export const titles = (examination: Examination, level: Level): readonly string[] =>
  at(examination, level).map((line) => line.title);

/** `title: says | remedy` of what is not well. */
export const troubles = (examination: Examination): readonly string[] =>
  [...at(examination, "red"), ...at(examination, "amber")].map(
    (line) => `${line.level} ${line.title}: ${line.says} | ${"remedy" in line ? line.remedy : ""}`,
  );
