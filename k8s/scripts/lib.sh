# What the scripts share. Sourced, not executed.
# shellcheck shell=bash

# shellcheck disable=SC2034 # for whoever sources this
NAMESPACE=memverge

K8S=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# The images of the product, by the names that they have in the manifests.
# shellcheck disable=SC2034
PRODUCT_IMAGES=(license-service snapshot-service restore-service pmem-service hz-client)
# shellcheck disable=SC2034
PRODUCT_REPO=ghcr.io/memverge/memory-machine
# shellcheck disable=SC2034
VERSION=0.1.0

DRY_RUN=${DRY_RUN:-no}

die() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

say() {
  echo "$(basename "$0"): $*" >&2
}

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "$tool is needed and not on the path"
  done
}

# What changes something goes through this: with --dry-run it is only told.
run() {
  if [[ $DRY_RUN == yes ]]; then
    printf '+'
    printf ' %q' "$@"
    printf '\n'
  else
    "$@"
  fi
}

APPLY=(kubectl apply --server-side --field-manager=memory-machine)

# Applies the manifests on standard input; with --dry-run they are printed.
apply() {
  if [[ $DRY_RUN == yes ]]; then
    echo "+ ${APPLY[*]} -f - <<MANIFESTS"
    cat
    echo "MANIFESTS"
  else
    "${APPLY[@]}" -f -
  fi
}

# value OPTION "$@": the argument of an option, which must be there.
value() {
  [[ $# -ge 3 && -n $3 ]] || die "$1 needs a value; see --help"
  printf '%s' "$3"
}

# A folder for a kustomization that lives as long as the script. kustomize takes relative paths only.
make_kustomization_folder() {
  KUSTOMIZATION=$(mktemp -d "$K8S/.kustomization.XXXXXX")
  trap 'rm -rf "$KUSTOMIZATION"' EXIT
}
