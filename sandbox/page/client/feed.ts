import type { SlackEvent } from "../../slack/model.ts";
import type { CloudRow, Switch } from "../panel.ts";
import type { Hello } from "./state.ts";

export interface Heard {
  hello(all: Hello): void;
  slack(event: SlackEvent): void;
  cloud(rows: readonly CloudRow[]): void;
  switches(switches: readonly Switch[]): void;
  /** The server does not answer; the browser tries again by itself. */
  lost(): void;
}

/** The server's stream of events for one person. Returns its end. */
export function listenAs(me: string, heard: Heard): () => void {
  const source = new EventSource(`/sandbox/stream?as=${me}`);
  const on = <T>(name: string, take: (data: T) => void): void =>
    source.addEventListener(name, (event: MessageEvent<string>) => {
      const data: T = JSON.parse(event.data);
      take(data);
    });
  on("hello", heard.hello);
  on("slack", heard.slack);
  on("cloud", heard.cloud);
  on("switches", heard.switches);
  source.onerror = () => heard.lost();
  return () => source.close();
}
