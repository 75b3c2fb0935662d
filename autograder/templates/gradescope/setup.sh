#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image: Python 3.11 or newer, and the packages.
set -euo pipefail
cd "${AUTOGRADER:-/autograder}/source"

apt-get update
apt-get install -y --no-install-recommends python3 python3-venv libseccomp2
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  apt-get install -y --no-install-recommends python3.11 python3.11-venv  # on Ubuntu 22.04
  python=python3.11
fi
"$python" -m venv .venv
.venv/bin/python -m pip install --disable-pip-version-check --editable '.[course]'
if [ -f course/requirements.txt ]; then # of a course that is not ours
  .venv/bin/python -m pip install --disable-pip-version-check --requirement course/requirements.txt
fi
