#!/usr/bin/env bash
# Deploys the example: a Hazelcast cluster, a client pod and Management Center.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<USAGE
Deploys the Hazelcast example into the namespace demo

usage: deploy_hazelcast.sh [OPTIONS]

  --discovery KIND       how members find each other: tcp-ip, kubernetes-dns or kubernetes-api (default: tcp-ip)
  --replicas N           members (default: 3; with tcp-ip the first three are in the list)
  --image-repo REPO      take all images from REPO/NAME (as mirror_images.sh puts them there)
  --tag TAG              the tag of the client's image (default: $VERSION)
  --pull-secret SECRET   a secret of the namespace demo for pulling them
  --dry-run              print what would be done, change nothing
  --help                 this text
USAGE
}

discovery=tcp-ip replicas=3 repo='' tag=$VERSION pull_secret=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --discovery) discovery=$(value "$1" "$@"); shift ;;
    --replicas) replicas=$(value "$1" "$@"); shift ;;
    --image-repo) repo=$(value "$1" "$@"); shift ;;
    --tag) tag=$(value "$1" "$@"); shift ;;
    --pull-secret) pull_secret=$(value "$1" "$@"); shift ;;
    --dry-run) DRY_RUN=yes ;;
    --help | -h) usage; exit ;;
    *) die "unknown option $1; see --help" ;;
  esac
  shift
done
[[ -d $K8S/examples/hazelcast/$discovery && $discovery != base ]] ||
  die "--discovery is tcp-ip, kubernetes-dns or kubernetes-api, not $discovery"
[[ $replicas =~ ^[1-9][0-9]*$ ]] || die "--replicas is a number, not $replicas"
need kubectl

make_kustomization_folder
{
  echo "apiVersion: kustomize.config.k8s.io/v1beta1"
  echo "kind: Kustomization"
  echo "resources: [../examples/hazelcast/$discovery]"
  echo "replicas: [{name: hz, count: $replicas}]"
  if [[ -n $repo ]]; then
    echo "images:"
    printf '  - name: docker.io/hazelcast/hazelcast\n    newName: %s/hazelcast\n' "$repo"
    printf '  - name: docker.io/hazelcast/management-center\n    newName: %s/management-center\n' "$repo"
    printf '  - name: %s/hz-client\n    newName: %s/hz-client\n    newTag: "%s"\n' "$PRODUCT_REPO" "$repo" "$tag"
  fi
  if [[ -n $pull_secret ]]; then
    echo "patches:"
    for target in StatefulSet Deployment; do
      printf '  - target: {kind: %s}\n    patch: |-\n' "$target"
      printf '      - {op: add, path: /spec/template/spec/imagePullSecrets, value: [{name: %s}]}\n' "$pull_secret"
    done
    printf '  - target: {kind: Pod}\n    patch: |-\n'
    printf '      - {op: add, path: /spec/imagePullSecrets, value: [{name: %s}]}\n' "$pull_secret"
  fi
} >"$KUSTOMIZATION/kustomization.yaml"
kubectl kustomize "$KUSTOMIZATION" | apply
run kubectl -n demo rollout status statefulset hz --timeout=10m
run kubectl -n demo wait pod hz-client --for=condition=Ready --timeout=5m
