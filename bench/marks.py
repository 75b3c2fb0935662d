"""Every mark of every bank, as JSON: to compare two checkouts. ``python -m bench.marks [LAB …]``.

Run it in each, and compare with ``diff``: what differs is what a change did to marks and messages.
"""

from __future__ import annotations

import argparse
import json
import sys

from grader_tests.engine.lab import Lab, labs
from grader_tests.engine.trial import trial


def marks(lab: Lab, seed: int) -> dict[str, dict[str, dict]]:
    """Return what each test of a lab says of each mistake and right answer in its bank."""
    return {
        variant.name: {
            test: verdict.as_dict() for test, verdict in trial(lab, variant, seed).verdicts.items()
        }
        for variant in (*lab.mistakes, *lab.right_answers)
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.marks", description=__doc__)
    parser.add_argument("lab", metavar="LAB", nargs="*", help="these labs only (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="of the hidden inputs (default: 0)")
    options = parser.parse_args()
    found = {
        lab.name: marks(lab, options.seed)
        for lab in labs()
        if not options.lab or lab.name in options.lab
    }
    json.dump(found, sys.stdout, indent=1, sort_keys=True, ensure_ascii=False)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
