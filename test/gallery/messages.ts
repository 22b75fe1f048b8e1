import { kubeconfigMessage } from "../../handlers/views/answers.ts";
import { closedMessage } from "../../handlers/views/create-modal.ts";
import { shown } from "../handlers/views/shown.ts";
import type { Picture } from "./views.ts";

/** How many of each thing there are in a view that lists things. */
const MANY = 12;
const URL_OF_ONE = "https://kinvirt.example.org/kubeconfig/0123456789abcdefghijklmnopqrstuvwxyz0123456";

export const messages = (words: string): readonly Picture[] =>
  [
    ...shown(words, words === "worker" ? 1 : MANY),
    ...(["view", "edit", "admin"] as const).map(
      (role) => [`kubeconfig, ${role}`, kubeconfigMessage({ name: "dev", role, hours: 24, url: URL_OF_ONE })] as const,
    ),
    ["form that was closed", closedMessage(`/k8s create ${words}`, '{"name":"dev"}')] as const,
  ].map(([name, view]) => ({ name, surface: "message", view }));
