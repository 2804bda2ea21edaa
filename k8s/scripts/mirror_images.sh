#!/usr/bin/env bash
# Copies every image into a registry of one's own.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
  cat <<USAGE
Copies all images into a private registry

usage: mirror_images.sh --image-repo REGISTRY/REPO [OPTIONS]

  --image-repo REPO   where to copy to; becomes REPO/NAME:TAG
  --tag TAG           the product's version (default: $VERSION)
  --archives DIR      take the product's images from archives that './mm images' made, instead of its registry
  --dry-run           print what would be done, change nothing
  --help              this text

It needs skopeo, or docker where there are no archives. Log in to the registry first (skopeo login).
USAGE
}

repo='' tag=$VERSION archives=''
while [[ $# -gt 0 ]]; do
  case $1 in
    --image-repo) repo=$(value "$1" "$@"); shift ;;
    --tag) tag=$(value "$1" "$@"); shift ;;
    --archives) archives=$(value "$1" "$@"); shift ;;
    --dry-run) DRY_RUN=yes ;;
    --help | -h) usage; exit ;;
    *) die "unknown option $1; see --help" ;;
  esac
  shift
done
[[ -n $repo ]] || die "--image-repo is needed; see --help"
[[ -z $archives || -d $archives ]] || die "there is no folder $archives"

tool=skopeo
if [[ $DRY_RUN == no ]] && ! command -v skopeo >/dev/null; then
  [[ -z $archives ]] || die "archives need skopeo"
  need docker
  tool=docker
fi

copy() {
  if [[ $tool == skopeo ]]; then
    run skopeo copy "$1" "docker://$2"
  else
    run docker pull "${1#docker://}"
    run docker tag "${1#docker://}" "$2"
    run docker push "$2"
  fi
}

for name in "${PRODUCT_IMAGES[@]}"; do
  if [[ -n $archives && -e $archives/$name.tar ]]; then
    copy "docker-archive:$archives/$name.tar" "$repo/$name:$tag"
  else
    copy "docker://$PRODUCT_REPO/$name:$tag" "$repo/$name:$tag"
  fi
done
# Those of others, with the tags of the example's manifests.
copy docker://docker.io/hazelcast/hazelcast:5.7.0 "$repo/hazelcast:5.7.0"
copy docker://docker.io/hazelcast/management-center:5.9.0 "$repo/management-center:5.9.0"
