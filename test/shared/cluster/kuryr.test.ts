import { serviceHalves } from "../../../shared/cluster/kuryr.ts";

// Goal: Kubernetes and Neutron never give out the same address of the Services' range, whatever its size.
test.each([
  [
    "10.96.0.0/16",
    {
      kubernetes: "10.96.0.0/17",
      api: "10.96.0.1",
      gateway: "10.96.255.254",
      pool: { start: "10.96.128.0", end: "10.96.255.253" },
    },
  ],
  [
    "192.168.240.64/26",
    {
      kubernetes: "192.168.240.64/27",
      api: "192.168.240.65",
      gateway: "192.168.240.126",
      pool: { start: "192.168.240.96", end: "192.168.240.125" },
    },
  ],
])("%s has a half for each", (cidr, halves) => expect(serviceHalves(cidr)).toEqual(halves));
