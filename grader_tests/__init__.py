"""Hidden: how each exercise is tested, and which mistakes students make in it.

`reference` loads the worked labs, `testing` runs a test and words its outcome, `bank` holds known
mistakes and right answers. Each lab has one module with its tests and one with its bank.
"""
