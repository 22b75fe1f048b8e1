export interface CloudConfig {
  readonly hostname: string;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly run: readonly string[];
}

/** A `#cloud-config` document. JSON is YAML: one escape rule, already tested by everyone. */
export function cloudConfig(config: CloudConfig): string {
  const document = {
    preserve_hostname: false,
    hostname: config.hostname,
    write_files: config.files.map((file) => ({ ...file, owner: "root:root", permissions: "0644" })),
    runcmd: config.run,
  };
  return `#cloud-config\n${JSON.stringify(document, null, 1)}\n`;
}
