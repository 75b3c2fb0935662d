"""An import contract: labs know nothing of each other, and what serves all of them knows no lab."""

from __future__ import annotations

from itertools import permutations

from importlinter import Contract, ContractCheck, fields, output

Chain = tuple[str, ...]


class LabsApart(Contract):
    """Holds for every package in `containers`, whichever labs there are.

    Modules of a container whose names begin with "lab" are labs; the others are its engine.
    """

    type_name = "labs_apart"
    containers = fields.ListField(subfield=fields.ModuleField())

    def check(self, graph, verbose: bool) -> ContractCheck:
        chains: list[Chain] = []
        for container in self.containers:
            parts = sorted(graph.find_children(container.name))
            for one, other in permutations(parts, 2):
                if not _is_lab(other):
                    continue
                chain = graph.find_shortest_chain(importer=one, imported=other, as_packages=True)
                if chain:
                    chains.append(chain)
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for chain in check.metadata["chains"]:
            output.print_error(" imports ".join(chain), bold=False)
        output.new_line()


def _is_lab(module: str) -> bool:
    return module.rpartition(".")[2].startswith("lab")
