#!/bin/sh
# Every program that a node has and this machine should not use, under one roof: it writes down how it was called, does what
# matters of it, and fails after that at call number $FAIL_CALL. Not bash, which would read $BASH_ENV.
name="${0##*/}"
root="$KINVIRT_ROOT"
bin="${0%/*}"
kubernetes="$root/etc/kubernetes"
echo "$name $*" >>"$bin/../calls"
call=$(wc -l <"$bin/../calls")

put() {
  mkdir -p "${1%/*}"
  echo "$2" >"$1"
}
fails_here() { [ "$call" = "${FAIL_CALL:-0}" ]; }

# As kubeadm's preflight: nothing of an earlier try may be there, nor a CA where a worker gets it by discovery.
preflight() {
  for path in admin.conf kubelet.conf bootstrap-kubelet.conf manifests/etcd.yaml; do
    if [ -e "$kubernetes/$path" ]; then
      echo "[ERROR FileAvailable]: $path already exists" >&2
      exit 1
    fi
  done
  if [ -e "$root/var/lib/etcd/member" ]; then
    echo "[ERROR DirAvailable--var-lib-etcd]" >&2
    exit 1
  fi
  [ -e "$root/proc-swap" ] && exit 1
  [ -e "$bin/../containerd-runs" ] || exit 1
}

control_plane() {
  for file in ca.crt ca.key etcd/ca.key front-proxy-ca.key sa.key; do
    [ -s "$kubernetes/pki/$file" ] || exit 1
  done
  [ -s "$kubernetes/manifests/kms-barbican.yaml" ] && [ -s "$kubernetes/kms/barbican.conf" ] || exit 1
  put "$kubernetes/admin.conf" admin
  put "$kubernetes/manifests/etcd.yaml" etcd
  put "$root/var/lib/etcd/member/db" data
}

case "$name $*" in
"swapoff --all") rm -f "$root/proc-swap" ;;
"systemctl restart containerd") [ -e "$bin/containerd" ] && : >"$bin/../containerd-runs" ;;
"apt-get "*" install "*)
  [ -s "$root/etc/apt/sources.list.d/kubernetes.list" ] && [ -s "$root/etc/apt/keyrings/kubernetes.asc" ] || exit 100
  for program in kubeadm kubelet kubectl containerd; do ln -sf stand-in "$bin/$program"; done
  ;;
"kubeadm version --output short") echo "$RELEASE" ;;
"kubelet --version") echo "Kubernetes $RELEASE" ;;
"kubeadm reset --force "*)
  rm -rf "$kubernetes"/manifests/* "$kubernetes"/pki/* "$kubernetes"/*.conf
  ;;
"kubeadm init --config "*)
  preflight
  put "$kubernetes/kubelet.conf" kubelet
  put "$root/var/lib/etcd/member/db" data
  fails_here && exit 1
  put "$kubernetes/super-admin.conf" masters
  control_plane
  ;;
"kubeadm join --config "*)
  preflight
  [ -s "$root/run/kinvirt/discovery.conf" ] || exit 1
  cp "$root/run/kinvirt/discovery.conf" "$kubernetes/bootstrap-kubelet.conf"
  fails_here && exit 1
  [ ! -d "$root/etc/kinvirt/manifests" ] || control_plane
  put "$kubernetes/kubelet.conf" kubelet
  ;;
esac
if fails_here; then exit 1; fi
exit 0
