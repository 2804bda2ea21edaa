#!/usr/bin/env bash
# Says what the nodes' pmem volumes are made of.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<USAGE
Configures the pmem volume of the nodes that have the label storage=pmem

usage: config-pmem.sh [OPTIONS]

  --pmem-emulation         emulate persistent memory: XFS in a file
  --mm-capacity SIZE       the size of an emulated volume: 32Gi, 500Mi, or bytes (default: 32Gi)
  --backing FILE           the file of an emulated volume on each node (default: /var/lib/memory-machine/pmem.img;
                           in /dev/shm it is in DRAM)
  --device DEVICE          the fsdax device of a real one (default: /dev/pmem0, made with ndctl where it is missing)
  --node NODE              label this node with storage=pmem; may be repeated
  --namespace NAMESPACE    must be $NAMESPACE, where Memory Machine is
  --pull-secret SECRET     a secret for pulling pmem-service's image
  --image IMAGE            pmem-service's image
  --pmem-csi-image IMAGE   accepted and not used: there is no CSI driver, pmem-service provides the volume
  --pause-image IMAGE      accepted and not used: there are no pause containers of our own
  --dry-run                print what would be done, change nothing
  --help                   this text

A volume that exists keeps its size and its content: delete the file on the node to begin anew.
USAGE
}

bytes() {
  local number=${1%%[!0-9]*} unit=${1##*[0-9]} factor
  case $unit in
    '') factor=1 ;;
    k | K) factor=1000 ;;
    M) factor=$((1000 ** 2)) ;;
    G) factor=$((1000 ** 3)) ;;
    T) factor=$((1000 ** 4)) ;;
    Ki) factor=1024 ;;
    Mi) factor=$((1024 ** 2)) ;;
    Gi) factor=$((1024 ** 3)) ;;
    Ti) factor=$((1024 ** 4)) ;;
    *) return 1 ;;
  esac
  [[ -n $number && $number$unit == "$1" ]] || return 1
  echo $((number * factor))
}

emulation=no capacity='' backing='' device='' pull_secret='' image='' nodes=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --pmem-emulation) emulation=yes ;;
    --mm-capacity) capacity=$(value "$1" "$@"); shift ;;
    --backing) backing=$(value "$1" "$@"); shift ;;
    --device) device=$(value "$1" "$@"); shift ;;
    --node) nodes+=("$(value "$1" "$@")"); shift ;;
    --namespace)
      [[ $(value "$1" "$@") == "$NAMESPACE" ]] || die "Memory Machine lives in the namespace $NAMESPACE"
      shift
      ;;
    --pull-secret) pull_secret=$(value "$1" "$@"); shift ;;
    --image) image=$(value "$1" "$@"); shift ;;
    --pmem-csi-image | --pause-image) say "$1 is not needed any more"; value "$1" "$@" >/dev/null; shift ;;
    --dry-run) DRY_RUN=yes ;;
    --help | -h) usage; exit ;;
    *) die "unknown option $1; see --help" ;;
  esac
  shift
done

if [[ $emulation == yes ]]; then
  [[ -z $device ]] || die "--device is of real persistent memory, --pmem-emulation of none"
  size=$(bytes "${capacity:-32Gi}") || die "--mm-capacity is a number of bytes, or like 32Gi, not $capacity"
  ((size >= 314572800)) || die "an XFS file system needs at least 300Mi, not $capacity"
  settings="MM_PMEM_KIND=emulated
MM_PMEM_BACKING=${backing:-/var/lib/memory-machine/pmem.img}
MM_PMEM_SIZE=$size"
else
  [[ -z $capacity$backing ]] || die "--mm-capacity and --backing need --pmem-emulation: a device has its size"
  settings="MM_PMEM_KIND=fsdax
MM_PMEM_DEVICE=${device:-/dev/pmem0}"
fi
need kubectl

for node in "${nodes[@]}"; do
  run kubectl label node "$node" storage=pmem --overwrite
done

arguments=()
while IFS= read -r line; do
  arguments+=("--from-literal=$line")
done <<<"$settings"
# The name of the settings carries their checksum, as kustomize would give it, so that the DaemonSet rolls when they change.
name=memory-machine-pmem-$(sha256sum <<<"$settings" | head -c 10)
kubectl -n "$NAMESPACE" create configmap "$name" "${arguments[@]}" --dry-run=client -o yaml | apply
# For install.sh, which would otherwise take the defaults again.
kubectl -n "$NAMESPACE" create configmap memory-machine-pmem-settings --from-literal=pmem.env="$settings" \
  --dry-run=client -o yaml | apply

patch='[{"op":"test","path":"/spec/template/spec/containers/0/envFrom/3/configMapRef/name","value":"CURRENT"},
{"op":"replace","path":"/spec/template/spec/containers/0/envFrom/3/configMapRef/name","value":"'$name'"}'
[[ -z $image ]] || patch+=',
{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"'$image'"},
{"op":"replace","path":"/spec/template/spec/initContainers/0/image","value":"'$image'"}'
[[ -z $pull_secret ]] || patch+=',
{"op":"add","path":"/spec/template/spec/imagePullSecrets","value":[{"name":"'$pull_secret'"}]}'
patch+=']'
current=memory-machine-pmem
if [[ $DRY_RUN == no ]]; then
  current=$(kubectl -n "$NAMESPACE" get daemonset pmem-service \
    -o 'jsonpath={.spec.template.spec.containers[0].envFrom[3].configMapRef.name}')
  [[ $current == memory-machine-pmem* ]] || die "pmem-service is not of this version: run install.sh first"
fi
run kubectl -n "$NAMESPACE" patch daemonset pmem-service --type=json --patch "${patch/CURRENT/$current}"
run kubectl -n "$NAMESPACE" rollout status daemonset pmem-service --timeout=10m
