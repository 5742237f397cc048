#!/usr/bin/env bash
# Plain cron: brings Polytomic to what the main branch says, or tells what was changed outside.
#
#   */10 * * * *  /srv/polytomic/cron.sh /srv/polytomic/data apply
#   17 5 * * *    /srv/polytomic/cron.sh /srv/polytomic/data drift
#
# The folder is a clone of the repository, for nothing else. Its .env, which Git ignores, holds POLYTOMIC_API_KEY and
# the secrets that the manifests name: chmod 600. polytomic-gitops is installed: npm install --global polytomic-gitops.
# Cron mails what is printed: nothing, where there was nothing to do.
set -euo pipefail

folder=${1:?usage: cron.sh FOLDER apply|drift}
command=${2:?usage: cron.sh FOLDER apply|drift}
PATH=${PATH:-/usr/bin:/bin}:/usr/local/bin
cd "$folder"

# The last run may still be at it: this one waits for the next turn.
exec 9> .git/polytomic.lock
flock --nonblock 9 || exit 0

git fetch --quiet origin main
git reset --quiet --hard FETCH_HEAD

case $command in
  apply) look=(plan --detailed-exitcode) ;;
  drift) look=(drift) ;;
  *)
    echo "cron.sh: $command is neither apply nor drift" >&2
    exit 64
    ;;
esac

code=0
output=$(polytomic-gitops "${look[@]}" 2>&1) || code=$?
[ "$code" -ne 0 ] || exit 0
# 2: there is something to do.
if [ "$command" = apply ] && [ "$code" -eq 2 ]; then
  exec polytomic-gitops apply --yes
fi
printf '%s\n' "$output"
exit "$code"
