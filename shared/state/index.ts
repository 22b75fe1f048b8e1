import { z } from "zod";
import { type ClusterRecord, clusterRecord } from "../cluster/record.ts";
import { type Request, request } from "../cluster/request.ts";
import type { StateStore } from "../ports/store.ts";
import { type Documents, documents } from "./documents.ts";

/** Median seconds by kind of one tenant's cloud, newest first, for estimates and poll intervals. */
const timings = z.record(z.string(), z.array(z.number()));
export type Timings = z.infer<typeof timings>;

/** Key `<tenant>/<name>`: a name is taken while its record exists. */
export const clusters = (store: StateStore): Documents<ClusterRecord> => documents(store, "cluster/", clusterRecord);

/** Key: the request's id. */
export const requests = (store: StateStore): Documents<Request> => documents(store, "request/", request);

/** Key: the tenant. */
export const timingsOf = (store: StateStore): Documents<Timings> => documents(store, "timings/", timings);

export const clusterKey = (record: Pick<ClusterRecord, "tenant" | "spec">): string =>
  `${record.tenant}/${record.spec.name}`;

const ONCE_SECONDS = 600;

/** True the first time within ten minutes, unless told: a message that comes twice acts once. */
export const firstTime = (store: StateStore, what: string, seconds = ONCE_SECONDS): Promise<boolean> =>
  store.putIfAbsent(`once/${what}`, "1", seconds);

/** It may be done again at once. */
export const forget = (store: StateStore, what: string): Promise<boolean> => store.delete(`once/${what}`);
