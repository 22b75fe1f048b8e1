import { type Interface, serviceNamed } from "./catalog.ts";
import { type Auth, authOf, type Note, type Read } from "./clouds-auth.ts";
import { type CloudFile, cloudsIn, isSection, merged, regionIn, type Section, withProfile } from "./clouds-sections.ts";
import type { ServiceType } from "./errors.ts";

/** One cloud, one project, one login. Holds a secret: never log or store it. */
export interface CloudSettings {
  /** As in clouds.yaml. */
  readonly name: string;
  /** Ends with `/v3`. */
  readonly authUrl: string;
  readonly auth: Auth;
  readonly region?: string;
  readonly interface: Interface;
  /** URLs that replace the catalog's (`<service>_endpoint_override`). */
  readonly endpoints: Readonly<Partial<Record<ServiceType, string>>>;
  /** Path of a PEM file with the certificate authorities to trust besides the usual ones. */
  readonly cacert?: string;
  /** What is in that file. */
  readonly caCertificate?: string;
  /** False: TLS certificates are not checked. */
  readonly verify: boolean;
}

export interface SettingsProblems {
  /** One sentence each, which says where and what to fix; none holds a secret. */
  readonly problems: readonly string[];
}

export interface CloudTexts {
  /** Absent when no clouds.yaml was found. */
  readonly clouds?: CloudFile;
  /** secure.yaml: the same structure, laid over clouds.yaml. */
  readonly secure?: CloudFile;
  /** clouds-public.yaml: what clouds of a provider have in common, by its profile's name. */
  readonly profiles?: CloudFile;
}

/** The cloud made of the OS_* variables, as openstacksdk calls it. */
const ENV_CLOUD = "envvars";

type Env = Readonly<Record<string, string | undefined>>;
/** OS_REGION_NAME -> region_name: the variables are clouds.yaml's keys in capitals. */
const fromEnv = (env: Env): Section =>
  Object.fromEntries(
    Object.entries(env)
      .filter(([key, value]) => key.startsWith("OS_") && value !== undefined && value !== "")
      .map(([key, value]) => [key.slice(3).toLowerCase(), value]),
  );

const INTERFACES: Readonly<Record<string, Interface>> = {
  public: "public",
  publicURL: "public",
  internal: "internal",
  internalURL: "internal",
  admin: "admin",
  adminURL: "admin",
};

const isTrue = (value: unknown): boolean => value === true || /^(true|yes|1)$/i.test(String(value));
const isFalse = (value: unknown): boolean => value === false || /^(false|no|0)$/i.test(String(value));

const SHOWN = 'add the auth_url that "openstack configuration show" has';

function authUrlOf(read: Read, note: Note): string | undefined {
  const text = read("auth_url");
  const profile = read("profile");
  if (text === undefined && profile !== undefined)
    return note("auth_url", `is missing, and no clouds-public.yaml has the profile "${profile}": ${SHOWN}`);
  if (text === undefined)
    return note("auth_url", "is missing: add Keystone's address, such as https://keystone.example.org:5000/v3");
  if (!URL.canParse(text) || !/^https?:/.test(text))
    return note("auth_url", "is not an http or https address: correct it");
  const url = text.replace(/[?#].*$/, "").replace(/\/+$/, "");
  if (/\/v2(\.0)?$/.test(url))
    return note("auth_url", "names Keystone's version 2, which no longer exists: end it with /v3");
  return /\/v3$/.test(url) ? url : `${url}/v3`;
}

function overridesOf(cloud: Section, note: Note): Readonly<Partial<Record<ServiceType, string>>> {
  const overrides: Partial<Record<ServiceType, string>> = {};
  for (const [key, value] of Object.entries(cloud)) {
    const service = key.endsWith("_endpoint_override")
      ? serviceNamed(key.slice(0, -"_endpoint_override".length))
      : undefined;
    if (service === undefined || value === null) continue;
    if (typeof value === "string" && value.includes("%("))
      note(key, "has a placeholder: write the project's id there, or what else it stands for");
    else if (typeof value === "string" && URL.canParse(value)) overrides[service] = value;
    else note(key, "is not an address: correct it or take it out");
  }
  return overrides;
}

/**
 * `where` begins every sentence: `clouds.team-a in /etc/openstack/clouds.yaml`, or `OS_` for the variables. `home` is what
 * `~` stands for.
 */
function readCloud(name: string, cloud: Section, where: string, home = "~"): CloudSettings | SettingsProblems {
  const problems: string[] = [];
  const fromVariables = where === "OS_";
  const note: Note = (key, advice) => {
    problems.push(fromVariables ? `OS_${key.toUpperCase()} ${advice}.` : `${where}: ${key} ${advice}.`);
    return undefined;
  };
  const auth = isSection(cloud["auth"]) ? cloud["auth"] : {};
  const text = (key: string, value: unknown): string | undefined => {
    if (value === undefined || value === null || value === "") return undefined;
    return typeof value === "string" ? value : note(key, "is not text: put it in quotes");
  };
  const read: Read = (key) => text(key, auth[key] ?? cloud[key]);
  const authUrl = authUrlOf(read, note);
  const login = authOf(text("auth_type", cloud["auth_type"]), read, note);
  const region = text("region_name", regionIn(cloud));
  const cacert = text("cacert", cloud["cacert"])?.replace(/^~(?=\/)/, () => home);
  if (text("cert", cloud["cert"]) !== undefined)
    note(
      "cert",
      "names a client's certificate, which neither kinvirt nor its clusters can show: use an address without",
    );
  const endpoint = text("interface", cloud["interface"] ?? cloud["endpoint_type"]) ?? "public";
  const chosen = INTERFACES[endpoint] ?? note("interface", `"${endpoint}" is unknown: use public, internal or admin`);
  const endpoints = overridesOf(cloud, note);
  if (problems.length > 0 || authUrl === undefined || login === undefined || chosen === undefined) {
    return { problems: [...new Set(problems)] };
  }
  const verify = !isFalse(cloud["verify"]) && !isTrue(cloud["insecure"]);
  const settings = { name, authUrl, auth: login, interface: chosen, endpoints, verify };
  return { ...settings, ...(region === undefined ? {} : { region }), ...(cacert === undefined ? {} : { cacert }) };
}

/**
 * The settings of one cloud, or all that is wrong with them. `name` is a cloud of clouds.yaml; without it OS_CLOUD, the
 * file's only cloud, or the OS_* variables. The name `envvars` means the variables alone.
 * Source: https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
export function settingsOf(texts: CloudTexts, env: Env, name?: string): CloudSettings | SettingsProblems {
  const clouds = texts.clouds === undefined ? {} : cloudsIn(texts.clouds);
  const secure = texts.secure === undefined ? {} : cloudsIn(texts.secure);
  const profiles = texts.profiles === undefined ? {} : cloudsIn(texts.profiles, "public-clouds");
  const broken = [clouds, secure, profiles].filter((one) => typeof one === "string");
  if (typeof clouds === "string" || typeof secure === "string" || typeof profiles === "string")
    return { problems: broken };
  const names = Object.keys(clouds);
  const variables = fromEnv(env);
  const only = names.length === 1 && variables["auth_url"] === undefined ? names[0] : undefined;
  const wanted = name ?? (env["OS_CLOUD"] || undefined) ?? only ?? ENV_CLOUD;
  const cloud = clouds[wanted];
  if (isSection(cloud)) {
    const over = secure[wanted];
    const where = `clouds.${wanted} in ${texts.clouds?.path ?? "clouds.yaml"}`;
    return readCloud(wanted, withProfile(isSection(over) ? merged(cloud, over) : cloud, profiles), where, env["HOME"]);
  }
  if (wanted === ENV_CLOUD && variables["auth_url"] !== undefined)
    return readCloud(ENV_CLOUD, variables, "OS_", env["HOME"]);
  if (wanted === ENV_CLOUD && names.length > 1) {
    return { problems: [`No cloud is chosen: set OS_CLOUD to one of ${names.join(", ")}.`] };
  }
  const found =
    texts.clouds === undefined ? "no clouds.yaml was found" : `${texts.clouds.path} has ${names.join(", ") || "none"}`;
  const advice =
    texts.clouds === undefined ? "create one, or set the OS_* variables and use the cloud envvars" : "use one of these";
  return { problems: [`There is no cloud named "${wanted}": ${found}; ${advice}.`] };
}
