import { Router } from "express";
import type { Prometheus } from "../shared/adapters/prometheus.ts";

/** `GET /metrics`, for Prometheus. It names no tenant, no cluster and nobody. */
export function metricsPage({ contentType, text }: Prometheus): Router {
  const router = Router();
  router.get(
    "/metrics",
    async (_request, response) => void response.set("content-type", contentType).send(await text()),
  );
  return router;
}
