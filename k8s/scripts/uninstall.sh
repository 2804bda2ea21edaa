#!/usr/bin/env bash
# Removes Memory Machine from the cluster of the current kubeconfig.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<USAGE
Removes Memory Machine. Workloads run on; their next pods are ordinary ones.

usage: uninstall.sh [OPTIONS]

  --example    remove the Hazelcast example, with its namespace demo, too
  --force      also while a restore runs: its members may be lost
  --dry-run    print what would be done, change nothing
  --help       this text

The volumes on the nodes stay, with all snapshots: /var/lib/memory-machine. So do Kafka's and PostgreSQL's data where they
are not in the namespace $NAMESPACE.
USAGE
}

example=no force=no
while [[ $# -gt 0 ]]; do
  case $1 in
    --example) example=yes ;;
    --force) force=yes ;;
    --dry-run) DRY_RUN=yes ;;
    --help | -h) usage; exit ;;
    *) die "unknown option $1; see --help" ;;
  esac
  shift
done
need kubectl

if [[ $DRY_RUN == no && $force == no ]]; then
  plans=$(kubectl -n "$NAMESPACE" get configmaps -l memory-machine.memverge.com/kept=restore-plan -o name)
  [[ -z $plans ]] || die "a restore runs ($plans): wait for it, or use --force"
fi
# First, since with it no annotated pod could be made any more.
run kubectl delete mutatingwebhookconfiguration memory-machine --ignore-not-found
[[ $example == no ]] || run kubectl delete namespace demo --ignore-not-found
run kubectl delete namespace "$NAMESPACE" --ignore-not-found
run kubectl delete clusterrole,clusterrolebinding -l app.kubernetes.io/part-of=memory-machine
if [[ $DRY_RUN == yes ]] || kubectl get crd securitycontextconstraints.security.openshift.io >/dev/null 2>&1; then
  run kubectl delete securitycontextconstraints memory-machine-member --ignore-not-found
fi
