import * as z from "zod";
import { dueOf, dueOfRequest } from "../cluster/due.ts";
import { type ClusterRecord, clusterRecord } from "../cluster/record.ts";
import { type Request, request } from "../cluster/request.ts";
import type { StateStore } from "../ports/store.ts";
import { type Documents, documents } from "./documents.ts";
import { dueIndexed } from "./due-index.ts";
import { openIndexed } from "./open-requests.ts";
import type { Upgrades } from "./versions.ts";

/** Seconds by kind of one tenant's cloud, newest first, for estimates and poll intervals. */
const timings = z.strictObject({ schema: z.literal(2), took: z.record(z.string(), z.array(z.number())) });
export type Timings = z.infer<typeof timings>["took"];
/** Version 1 was what was taken alone. */
const TIMINGS: Upgrades = [(took) => ({ took })];

/** Key `<tenant>/<name>`: a name is taken while its record exists. */
export const clusters = (store: StateStore): Documents<ClusterRecord> =>
  dueIndexed(store, "cluster/", documents(store, "cluster/", clusterRecord), dueOf);

/** Key `<tenant>/<id>`: what has gone, as long as something of it may still come. No name is taken by it. */
export const graves = (store: StateStore): Documents<ClusterRecord> =>
  dueIndexed(store, "grave/", documents(store, "grave/", clusterRecord), ({ status }) => status.dueMs);

/** Key: the request's id. */
export const requests = (store: StateStore): Documents<Request> =>
  openIndexed(store, dueIndexed(store, "request/", documents(store, "request/", request), dueOfRequest));

/** Key: the tenant. */
export const timingsOf = (store: StateStore): Documents<z.infer<typeof timings>> =>
  documents(store, "timings/", timings, TIMINGS);

export const clusterKey = (record: Pick<ClusterRecord, "tenant" | "spec">): string =>
  `${record.tenant}/${record.spec.name}`;

export const graveKey = ({ tenant, id }: Pick<ClusterRecord, "tenant" | "id">): string => `${tenant}/${id}`;

const ONCE_SECONDS = 600;

/** True the first time within ten minutes, unless told: a message that comes twice acts once. */
export const firstTime = async (store: StateStore, what: string, seconds = ONCE_SECONDS): Promise<boolean> =>
  (await store.putIfAbsent(`once/${what}`, "1", seconds)) !== false;

/** It may be done again at once. */
export const forget = (store: StateStore, what: string): Promise<boolean> => store.delete(`once/${what}`);
