import { examine } from "../../../shared/cluster/doctor/index.ts";
import { settingsOf } from "../../people.ts";
import { doctorMessage } from "../../views/doctor.ts";
import type { Answer } from "./question.ts";

/** Services that don't answer are lines of it, so the cloud never refuses the whole. */
export const doctor: Answer = async ({ tenant: name }, _question, { config, cloudOf, clock, chance }) => {
  const patient = {
    name,
    tenant: settingsOf(config, name),
    templates: config.templates,
    cloud: cloudOf(name),
    nowMs: () => clock.nowMs(),
    token: (length: number) => chance.token(length),
  };
  return doctorMessage(await examine(patient));
};
