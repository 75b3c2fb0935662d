"""How a class is graded: nbgrader's pipeline, driven by one command; every case ends in a mark.

``python -m autograder LAB`` is the way in.
"""

import sys

# nbformat's jsonschema would check addresses with this package, though no notebook has any; to
# import it takes longer than everything else together.
sys.modules.setdefault("rfc3987_syntax", None)
