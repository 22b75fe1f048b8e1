import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { listAt, textAt } from "../openstack/json.ts";

/** Below it cloud-init looks for what it runs with each boot. */
const EACH_BOOT = "/var/lib/cloud/scripts/per-boot/";

/** What cloud-init would do with a server's user-data: files that it writes, and scripts that it runs. */
export interface UserData {
  readonly files: Map<string, string>;
  readonly scripts: readonly string[];
}

const GZIP = Buffer.from([0x1f, 0x8b]);
const unpacked = (bytes: Buffer): Buffer => (bytes.subarray(0, 2).equals(GZIP) ? gunzipSync(bytes) : bytes);

function contentOf(file: unknown): string {
  const [content = "", encoding = ""] = [textAt(file, "content"), textAt(file, "encoding")];
  if (!/b64|base64/.test(encoding)) return content;
  return unpacked(Buffer.from(content, "base64")).toString();
}

/** `text` as Nova keeps it. Undefined: cloud-init would find nothing to do in it. */
export function readUserData(text: string): UserData | undefined {
  try {
    const plain = unpacked(Buffer.from(text, "base64")).toString();
    if (!plain.startsWith("#cloud-config")) return undefined;
    const read: unknown = parse(plain);
    const files = (listAt(read, "write_files") ?? []).map(
      (file) => [textAt(file, "path") ?? "", contentOf(file)] as const,
    );
    const scripts = files.filter(([path]) => path.startsWith(EACH_BOOT)).map(([, content]) => content);
    return { files: new Map(files), scripts };
  } catch {
    return undefined;
  }
}

/** `NAME='value'` lines, as a shell that sources the file would have them. */
export const readShell = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [
      name,
      value.replace(/'((?:[^'])*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ""),
    ]),
  );
