"""What `python -m autograder --help` tells of."""

from __future__ import annotations

import pytest

from autograder.__main__ import COMMANDS, main


def test_the_help_names_every_command_on_a_line_of_its_own(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert COMMANDS.keys() <= {line[0] for line in lines if line}
