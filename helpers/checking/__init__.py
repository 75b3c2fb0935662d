"""The engine behind the checks: it runs a student's code and says in plain words what differs.

`compare` looks at two results, `attempt` runs a piece of a student's code and catches what goes
wrong, `namespace` is a test's only view of the code under test, `checklist` prints the visible
checks; one module per lab holds that lab's visible checks, `cross_entropy` one that two share.
"""
