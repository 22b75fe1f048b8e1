/**
 * /etc/kinvirt/boot.sh, the same on each node. What is secret is only ever a file, since arguments are for all to see. It may
 * be run again wherever an earlier run ended: until `joined` is there it starts over with `kubeadm reset`, then it only wipes.
 */
export const BOOT_SCRIPT = `#!/bin/bash
# Makes this machine a node of its cluster. It may be run again, wherever an earlier run ended.
set -euo pipefail
umask 022
# Empty, but in tests.
root="\${KINVIRT_ROOT:-}"
etc="$root/etc/kinvirt"
run="$root/run/kinvirt"
kubernetes="$root/etc/kubernetes"
# shellcheck source=/dev/null
. "$etc/node.env"

step() { echo "kinvirt: $1"; }
fail() {
  echo "kinvirt: $1" >&2
  exit 1
}
download=(curl --silent --show-error --fail --connect-timeout 10 --max-time 120
  --retry 30 --retry-delay 5 --retry-all-errors)

prepare() {
  step "preparing the kernel"
  modprobe --all overlay br_netfilter
  sysctl --quiet --load="$root/etc/sysctl.d/90-kubernetes.conf"
  swapoff --all
  sed -i '/\\sswap\\s/d' "$root/etc/fstab"
}

installed() {
  [ "$(kubeadm version --output short)" = "$KUBERNETES_VERSION" ] &&
    [ "$(kubelet --version)" = "Kubernetes $KUBERNETES_VERSION" ] &&
    command -v containerd
} >/dev/null 2>&1

install_packages() {
  step "installing Kubernetes $KUBERNETES_VERSION"
  local packages=() release="\${KUBERNETES_VERSION#v}-*" keyring=/etc/apt/keyrings/kubernetes.asc
  command -v containerd >/dev/null || packages+=(containerd)
  packages+=("kubelet=$release" "kubeadm=$release" "kubectl=$release")
  install -d -m 0755 "$root/etc/apt/keyrings" "$root/etc/apt/sources.list.d"
  "\${download[@]}" --output "$root$keyring" "$PACKAGES_URL/Release.key"
  echo "deb [signed-by=$keyring] $PACKAGES_URL/ /" >"$root/etc/apt/sources.list.d/kubernetes.list"
  export DEBIAN_FRONTEND=noninteractive
  dpkg --configure --pending
  apt-get -o DPkg::Lock::Timeout=600 update
  apt-get -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold install --yes --no-install-recommends \\
    --allow-change-held-packages --allow-downgrades "\${packages[@]}"
  apt-mark hold kubelet kubeadm kubectl
}

start_runtime() {
  step "starting containerd"
  systemctl enable containerd kubelet
  systemctl restart containerd
}

fetch_payload() {
  step "fetching this node's secret"
  local cloud=("\${download[@]}")
  [ -z "$CLOUD_CA" ] || cloud+=(--cacert "$root$CLOUD_CA")
  install -d -m 0700 "$run"
  "\${cloud[@]}" --header 'Content-Type: application/json' --data "@$etc/fetch.json" \\
    --dump-header "$run/headers" --output /dev/null "$AUTH_URL/auth/tokens"
  sed -n 's/\\r$//; s/^x-subject-token: /X-Auth-Token: /Ip' "$run/headers" >"$run/token"
  "\${cloud[@]}" --header "@$run/token" --header 'Accept: text/plain' --output "$run/payload.json" "$PAYLOAD_URL"
  python3 -I -S - "$root" "$run/payload.json" <<'PYTHON'
import json, os, sys
root, payload = sys.argv[1:]
for file in json.load(open(payload))["files"]:
    path = root + file["path"]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, int(file["mode"], 8))
    with os.fdopen(descriptor, "w") as out:
        out.write(file["content"])
PYTHON
}

check_authority() {
  local digest
  digest="$(openssl x509 -noout -pubkey | openssl pkey -pubin -outform der | sha256sum)"
  [ "sha256:\${digest%% *}" = "$CA_CERT_HASH" ] || fail "the certificate authority in the secret is another cluster's"
}

check_authorities() {
  if [ -e "$kubernetes/pki/ca.crt" ]; then
    check_authority <"$kubernetes/pki/ca.crt"
  fi
  if [ "$ACTION" = join ]; then
    sed -n 's/^ *certificate-authority-data: //p' "$run/discovery.conf" | base64 --decode | check_authority
  fi
}

enter_cluster() {
  if [ -e "$etc/started" ]; then
    step "clearing what an earlier run left"
    kubeadm reset --force --cri-socket unix:///run/containerd/containerd.sock
    # Which it leaves where etcd's manifest is already gone.
    rm -rf "$root/var/lib/etcd"
  fi
  touch "$etc/started"
  fetch_payload
  check_authorities
  if [ -d "$etc/manifests" ]; then
    install -D -m 0600 -t "$kubernetes/manifests" "$etc"/manifests/*.yaml
  fi
  step "kubeadm $ACTION"
  kubeadm "$ACTION" --config "$etc/kubeadm.yaml"
  touch "$etc/joined"
}

erase() {
  local file
  for file in "$@"; do
    [ ! -f "$file" ] || shred --iterations=1 --force --remove "$file"
  done
}

wipe() {
  step "wiping what is no longer needed"
  erase "$etc/fetch.json" "$run/headers" "$run/token" "$run/payload.json" "$run/discovery.conf" \\
    "$kubernetes/super-admin.conf" "$kubernetes/bootstrap-kubelet.conf" \\
    "$root"/var/lib/cloud/instances/*/{user-data.txt,user-data.txt.i,cloud-config.txt,obj.pkl} \\
    "$root"/run/cloud-init/{combined-cloud-config.json,instance-data-sensitive.json}
}

if [ ! -e "$etc/joined" ]; then
  prepare
  installed || install_packages
  start_runtime
  enter_cluster
fi
wipe
install -d -m 0700 "$run"
touch "$run/bootstrap-success"
step "this machine is a node"
`;
