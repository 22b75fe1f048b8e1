import type { NodeFile } from "./boot.ts";

export interface CloudConfig {
  readonly hostname: string;
  readonly files: readonly NodeFile[];
  readonly run: readonly string[];
}

/** A `#cloud-config` document. JSON is YAML: one escape rule, already tested by everyone. */
export function cloudConfig(config: CloudConfig): string {
  const document = {
    preserve_hostname: false,
    hostname: config.hostname,
    write_files: config.files.map(({ path, mode, content }) => ({
      path,
      content,
      owner: "root:root",
      permissions: mode,
    })),
    runcmd: config.run,
  };
  return `#cloud-config\n${JSON.stringify(document, null, 1)}\n`;
}
