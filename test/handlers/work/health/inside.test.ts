import { lbsOf } from "../../../../handlers/work/answers/lb.ts";
import { askInside } from "../../../../handlers/work/health/inside.ts";
import { KubernetesError } from "../../../../shared/kubernetes/errors.ts";
import { OpenStackError } from "../../../../shared/openstack/errors.ts";
import type { Deps } from "../../../../shared/ports/deps.ts";
import { NOW_MS, record, step } from "../../given.ts";

// Goal: an API that nobody could ask, as Barbican does not say how, is not called silent, and takes no other answer away.
const one = record(
  {},
  {
    steps: {
      "floating-ip/api": step({ facts: { address: "203.0.113.68" } }),
      "secret/pki": step({ facts: { href: "https://barbican/b1" } }),
      "kubernetes-node/worker-1": step(),
    },
  },
);
const asked = { method: "GET", path: "/" } as const;
const away = new OpenStackError({ ...asked, service: "key-manager", fault: "no", trouble: "retry" });
const silent = new KubernetesError({ ...asked, message: "refused" } as ConstructorParameters<
  typeof KubernetesError
>[0]);

const never = () => new Promise<never>(() => undefined);
function deps(connect: () => Promise<never>, wait: () => Promise<void> = never): Deps {
  const none = async () => [];
  const cloud = {
    scope: async () => ({ projectId: "p1" }),
    loadBalancer: { listLoadBalancers: none, listListeners: none },
    network: { listFloatingIps: none },
  };
  const clock = { nowMs: () => NOW_MS, wait };
  return { clock, kubernetes: { connect }, cloudOf: () => cloud } as unknown as Deps;
}

test("what is not known is not silent; what does not answer, or not in time, is", async () => {
  expect(
    await askInside(
      deps(() => Promise.reject(away)),
      one,
    ),
  ).toBeUndefined();
  expect(
    await askInside(
      deps(() => Promise.reject(silent)),
      one,
    ),
  ).toEqual({ is: "silent" });
  expect(
    await askInside(
      deps(never, async () => undefined),
      one,
    ),
  ).toEqual({ is: "silent" });
  await expect(
    askInside(
      deps(() => Promise.reject(new Error("ours"))),
      one,
    ),
  ).rejects.toThrow("ours");
});

test("a Barbican that is away hides no load balancer", async () => {
  const of = await lbsOf(
    one,
    deps(() => Promise.reject(away)),
  );
  expect(of.lbs).toEqual([]);
  expect(of.wanted).not.toHaveProperty("services");
  await expect(
    lbsOf(
      one,
      deps(() => Promise.reject(new Error("ours"))),
    ),
  ).rejects.toThrow("ours");
});
