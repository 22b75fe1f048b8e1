import { isClusterName } from "../shared/cluster/spec.ts";
import { type Gib, parseDuration, parseSize } from "../shared/units.ts";
import { HOURS_MAX, ROLES, type Role } from "./tickets.ts";
import { code } from "./views/text.ts";

/** A size as it was typed, and what it is in the clouds' unit. */
export interface Size {
  readonly text: string;
  readonly gib: Gib;
}

export type Cni = "calico" | "cilium" | "kuryr";

export interface ArgTypes {
  name: string;
  size: Size;
  count: number;
  /** An odd number, so that etcd has a majority. */
  quorum: number;
  /** Seconds. */
  duration: number;
  version: string;
  cni: Cni;
  hours: number;
  role: Role;
  request: string;
  word: string;
  /** All words that are left, with single spaces. */
  words: string;
  /** A flag without a value. */
  yes: true;
}

interface Reader<T> {
  /** Undefined when a person typed something else. */
  read(text: string): T | undefined;
  /** What it stands for in a usage line. */
  readonly label: string;
  /** What is wrong, after the words themselves, and what to type. */
  readonly advice: string;
  /** All that can be written, where that is a handful: a form offers them. */
  readonly choices?: readonly string[];
}

const COUNT_MAX = 100;
const QUORUM_MAX = 7;
const DURATION_SECONDS_MAX = 10 * 365 * 86_400;
const NAME_ADVICE =
  "can't be a cluster's name: write lower-case letters, digits and single dashes, at most 30, beginning with a letter";
const VERSIONS = ["1.35", "1.36"] as const;
const CNIS: readonly Cni[] = ["calico", "cilium", "kuryr"];

const wholeNumber = (text: string): number | undefined => {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  return count !== undefined && count <= COUNT_MAX ? count : undefined;
};

/** How each type of argument is read, and how a person is helped who typed something else. */
export const READERS: { readonly [T in keyof ArgTypes]: Reader<ArgTypes[T]> } = {
  name: { read: (text) => (isClusterName(text) ? text : undefined), label: "NAME", advice: NAME_ADVICE },
  size: {
    read(text) {
      const gib = parseSize(text);
      return gib === undefined ? undefined : { text, gib };
    },
    label: "SIZE",
    advice: "is not a size: write 100G, 100Gi or 1Ti",
  },
  count: {
    read: wholeNumber,
    label: "N",
    advice: `is not a number of servers: write a whole number from 0 to ${COUNT_MAX}`,
  },
  quorum: {
    read(text) {
      const count = wholeNumber(text);
      return count !== undefined && count % 2 === 1 && count <= QUORUM_MAX ? count : undefined;
    },
    label: "N",
    advice: "can't keep a majority: write 1, 3, 5 or 7",
    choices: ["1", "3", "5", "7"],
  },
  duration: {
    read(text) {
      const seconds = parseDuration(text);
      return seconds !== undefined && seconds <= DURATION_SECONDS_MAX ? seconds : undefined;
    },
    label: "TIME",
    advice: "is not a time of at most ten years: write 12h, 7d or 1d12h",
  },
  version: {
    read: (text) => VERSIONS.find((version) => version === text.replace(/^v/, "")),
    label: "VERSION",
    advice: `is not a version of Kubernetes that kinvirt sets up: write ${VERSIONS.join(" or ")}`,
    choices: VERSIONS,
  },
  cni: {
    read: (text) => CNIS.find((cni) => cni === text),
    label: "CNI",
    advice: "is not a network plugin that kinvirt knows: write calico, cilium or kuryr",
    choices: CNIS,
  },
  hours: {
    read(text) {
      const hours = wholeNumber(text) ?? 0;
      return hours >= 1 && hours <= HOURS_MAX ? hours : undefined;
    },
    label: "HOURS",
    advice: `is not how long a certificate may be good: write 1 to ${HOURS_MAX} hours as a number`,
  },
  role: {
    read: (text) => ROLES.find((role) => role === text),
    label: "ROLE",
    advice: `is not a role: write ${ROLES.slice(0, -1).join(", ")} or ${ROLES.at(-1)}`,
  },
  request: {
    read: (text) => (/^[a-z0-9]{6}$/.test(text) ? text : undefined),
    label: "REQUEST",
    advice: "is not a request: write the six letters and digits at the foot of its message",
  },
  word: { read: (text) => (text === "" ? undefined : text), label: "WORD", advice: "is empty: write a word" },
  words: { read: (text) => (text === "" ? undefined : text), label: "WORDS", advice: "is empty: write some words" },
  yes: { read: () => true, label: "", advice: "" },
};

/** One argument of a command: by position (then without `--`), or by its flag and optional. */
export interface Arg {
  readonly type: keyof ArgTypes;
  readonly help: string;
  readonly place?: "required" | "optional";
  readonly label?: string;
  /** What it is called in a form. */
  readonly title?: string;
}

export type Args = Readonly<Record<string, Arg>>;

type KeysAt<A extends Args, P> = { [K in keyof A]: A[K] extends { place: P } ? K : never }[keyof A];
type Required_<A extends Args> = KeysAt<A, "required">;

/** What a command's `run` gets: required positions always, all else when it was typed. */
export type ArgsOf<A extends Args> = { readonly [K in Required_<A>]: ArgTypes[A[K]["type"]] } & {
  readonly [K in Exclude<keyof A, Required_<A>>]?: ArgTypes[A[K]["type"]];
};

/** `controlPlane` is typed `--control-plane`. */
export const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
export const labelOf = (arg: Arg): string => arg.label ?? READERS[arg.type].label;
export const adviceFor = (arg: Arg, text: string): string =>
  `${text === "" ? "Nothing" : code(text, 60)} ${READERS[arg.type].advice}.`;
