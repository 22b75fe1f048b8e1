import { Fault, type SandboxRequest, type SandboxService } from "./service.ts";

const numbers = (version: string): readonly [number, number] => {
  const [major = "0", minor = "0"] = version.split(".");
  return [Number(major), Number(minor)];
};

const compare = (a: string, b: string): number => {
  const [aMajor, aMinor] = numbers(a);
  const [bMajor, bMinor] = numbers(b);
  return aMajor - bMajor || aMinor - bMinor;
};

/** What the caller asks for; the least without a header, the most for Nova's `latest`, which Manila doesn't know. */
export function versionOf(service: SandboxService, headers: Readonly<Record<string, string>>): string {
  const range = service.microversions;
  if (range === undefined) return "";
  const asked = headers[range.header]?.replace(`${service.type} `, "").trim();
  if (asked === undefined || asked === "") return range.min;
  return asked === "latest" && service.type === "compute" ? range.max : asked;
}

export function versionFault(service: SandboxService, asked: string): Fault | undefined {
  const range = service.microversions;
  if (range === undefined) return undefined;
  if (!/^\d+\.\d+$/.test(asked)) {
    const form = `API Version String ${asked} is of invalid format. Must be of format MajorNum.MinorNum.`;
    return new Fault(400, form);
  }
  if (compare(asked, range.min) >= 0 && compare(asked, range.max) <= 0) return undefined;
  const bounds = `Minimum is ${range.min} and maximum is ${range.max}.`;
  return new Fault(406, `Version ${asked} is not supported by the API. ${bounds}`);
}

/** For handlers: fields and routes that came with a later microversion. */
export const atLeast = (request: SandboxRequest, version: string): boolean =>
  compare(request.microversion, version) >= 0;
