/** One thing that exists in the cloud, as the page lists it. */
export interface CloudRow {
  readonly project: string;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly detail: string;
}

export interface Switch {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly on: boolean;
}

/** A subcommand for the composer's completion: `create`, `/k8s create NAME [--rwx SIZE]`, one sentence. */
export interface CommandHelp {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
}

/** What the page shows beside the conversation. */
export interface Panel {
  rows(): readonly CloudRow[];
  switches(): readonly Switch[];
  flip(id: string, on: boolean): void;
  readonly commands: readonly CommandHelp[];
  /** The project of each channel, for the panel's heading. */
  readonly projects: Readonly<Record<string, string>>;
}
