"""Known mistakes and right answers of Lab 5: a model's graph, and the ways through it."""

from __future__ import annotations

from grader_tests.engine.bank import Mistake, Variant, mistake, right

_VISIT = """                for parent in node.parents:
                    visit(parent)
                self.nodes.append(node)
"""
_LAYERS = "list(dict.fromkeys(node.layer for node in self.nodes))"
_COLLECT = "grads[parent] = grads[parent] + grad if parent in grads else grad"
_IN_PLACE = """if parent in grads:
                    grads[parent] += grad
                else:
                    grads[parent] = grad"""
_AGAIN = (
    "            if len(layer.nodes) > 1:\n                layer.forward(*self._inputs_of(node))\n"
)
_SUM_KERNEL = "layer.grad_kernel = sums[layer][0] + layer.grad_kernel"
_SUM_BIAS = "layer.grad_bias = sums[layer][1] + layer.grad_bias"
_REMEMBER = '            if hasattr(layer, "kernel"):\n'
_SEND = (
    "zip(\n                node.parents, sent if isinstance(sent, tuple) else (sent,), strict=True\n"
    "            ):\n"
)
_FORWARD = "self.values[node] = node.layer.forward(*self._inputs_of(node))"


def _graph(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "model", "test_graph", says, *swap)


MISTAKES: list[Mistake] = [
    _graph(
        "nodes before their parents",
        "Your nodes stand before their parents. Visit the parents first, then put the node in.",
        (
            _VISIT,
            "                self.nodes.append(node)\n"
            "                for parent in node.parents:\n"
            "                    visit(parent)\n",
        ),
    ),
    _graph(
        "nodes more than once",
        "At a branch your nodes occur more than once, once for every way to the output. Leave out a "
        "node that is in the list already.",
        ("if node not in self.nodes:", "if True:"),
    ),
    _graph(
        "the first parent alone",
        "You follow the first parent of each node only. Add and Concatenate have several.",
        (
            "for parent in node.parents:\n                    visit",
            "for parent in node.parents[:1]:\n                    visit",
        ),
    ),
    _graph(
        "layers more than once",
        "A shared layer occurs more than once in your layers, and would take its step more than once. "
        "Keep the first of each.",
        (_LAYERS, "[node.layer for node in self.nodes]"),
    ),
    _graph(
        "layers in the reverse order",
        "Your layers are not in the order of the nodes. Each stands where it first occurs there.",
        (_LAYERS, "list(dict.fromkeys(node.layer for node in reversed(self.nodes)))"),
    ),
    _graph(
        "the last branch alone",
        "At a branch your gradient is that of one child only. A node that feeds several gets the sum of "
        "what they send back.",
        (_COLLECT, "grads[parent] = grad"),
    ),
    _graph(
        "the last use of a shared layer alone",
        "A shared layer keeps the gradient of one of its nodes. Its kernel works at all of them: add "
        "up.",
        (_SUM_KERNEL, "pass"),
        (_SUM_BIAS, "pass"),
    ),
    _graph(
        "gradients add up from batch to batch",
        "Your gradients add up from one call of the model's backward to the next. A layer's sum is over "
        "its nodes in this call: begin anew each time.",
        ("        sums = {}\n", '        sums = self.__dict__.setdefault("sums", {})\n'),
    ),
    _graph(
        "gradients added up in place",
        "At a branch your += changes an array that another parent may hold, too: Add hands the same one "
        "to all of them. Write grads[p] = grads[p] + grad.",
        (_COLLECT, _IN_PLACE),
    ),
    _graph(
        "several gradients handed on as one",
        "Add and Concatenate return a tuple with one gradient for each parent. You hand the whole tuple "
        "to a parent: give each its own.",
        ("sent if isinstance(sent, tuple) else (sent,)", "(sent,) * len(node.parents)"),
    ),
    _graph(
        "several inputs taken for one",
        "Your forward puts the whole list into one input. For several inputs x is a list with one array "
        "for each, in the order of self.inputs.",
        ("arrays = x if isinstance(x, list) else [x]", "arrays = [x]"),
        ("arrays, strict=True", "arrays, strict=False"),
    ),
    _graph(
        "a shared layer remembers the wrong input",
        "A shared layer goes backward with what it remembers of another node. Let it go forward at "
        "this node once more.",
        (_AGAIN, ""),
    ),
    _graph(
        "every layer takes the node before it",
        "Your layers take the result of the node before them in the list. In a graph they take their "
        "parents' results.",
        (
            _FORWARD,
            "values = list(self.values.values())\n"
            "                self.values[node] = node.layer.forward(*values[-len(node.parents) :])",
        ),
    ),
    _graph(
        "a shared layer's bias not summed",
        "You add up a shared layer's grad_kernel over its nodes, and forget its grad_bias.",
        (_SUM_BIAS, "pass"),
    ),
    _graph(
        "a shared layer's sum of two nodes at most",
        "With a layer in three places one node is missing in the sum. Store the running sum, and add "
        "each new node's gradient to it.",
        (_REMEMBER, f"{_REMEMBER[:-2]} and layer not in sums:\n"),
    ),
    _graph(
        "a parent that is one twice gets one gradient",
        "Where a layer takes the same node twice, that node must get both gradients. Loop over "
        "zip(parents, gradients), not over a dict.",
        (
            _SEND,
            "dict(\n                zip(node.parents, sent if isinstance(sent, tuple) else (sent,))\n"
            "            ).items():\n",
        ),
    ),
    _graph(
        "gradients to the parents in the reverse order",
        "The gradients go to the wrong parents. A layer's tuple has the order of node.parents.",
        (_SEND, _SEND.replace("node.parents,", "node.parents[::-1],")),
    ),
    _graph(
        "the parents' values in the reverse order",
        "A layer with several parents gets their values in the wrong order. Take that of node.parents.",
        ("for parent in node.parents]", "for parent in node.parents[::-1]]"),
    ),
    _graph(
        "nodes that the output does not need",
        "There are nodes in your list that the output does not depend on. Start at the output and "
        "follow parents, not at the inputs and follow children.",
        (
            "        visit(outputs)\n",
            "        waiting = list(self.inputs)\n"
            "        while waiting:\n"
            "            node = waiting.pop(0)\n"
            "            visit(node)\n"
            "            waiting += node.children\n",
        ),
    ),
    _graph(
        "inputs in the order of the nodes",
        "Your forward hands the arrays out in the order in which the graph meets the inputs. They come "
        "in the order of self.inputs.",
        (
            "zip(self.inputs, arrays",
            "zip([node for node in self.nodes if node in self.inputs], arrays",
        ),
    ),
    _graph(
        "values of the forward before",
        "Your second forward returns the first one's result: the old self.values are still there. "
        "Begin each forward with a new dict.",
        (
            "self.values = dict(zip(self.inputs, arrays, strict=True))",
            "self.values.update(zip(self.inputs, arrays, strict=True))",
        ),
    ),
    _graph(
        "nodes marked as visited for ever",
        "You mark nodes as visited on the nodes themselves, so that a second model over the same graph "
        "finds none. Look into self.nodes, or into a set of this model's own.",
        (
            "            if node not in self.nodes:\n",
            '            if not getattr(node, "visited", False):\n                node.visited = True\n',
        ),
    ),
    _graph(
        "gradients fetched from all children",
        "You collect gradients from node.children, which may belong to another model. Let each node "
        "send to its parents.",
        (
            "            if node in self.inputs:\n",
            "            if any(child not in self.nodes for child in node.children):\n"
            "                raise KeyError(node)\n"
            "            if node in self.inputs:\n",
        ),
    ),
    _graph(
        "nodes sorted by the shortest way from an input",
        "Your nodes are sorted by the shortest way from an input. A node has to wait for the last of its "
        "parents, so the longest way counts.",
        (
            "        visit(outputs)\n",
            "        visit(outputs)\n\n"
            "        def depth(node: Node) -> int:\n"
            "            return 1 + min(map(depth, node.parents), default=0)\n\n"
            "        self.nodes.sort(key=depth)\n",
        ),
    ),
    _graph(
        "slopes asked of layers that do not learn",
        'A shared layer may have no kernel, such as Add. Check hasattr(layer, "kernel") before you '
        "use grad_kernel.",
        (_REMEMBER, "            if len(layer.nodes) > 1:\n"),
    ),
    _graph(
        "forward again for layers that learn only",
        "Repeat forward for every layer in several places, even one without a kernel: Add remembers "
        "how many parents it had last.",
        ("if len(layer.nodes) > 1:", 'if len(layer.nodes) > 1 and hasattr(layer, "kernel"):'),
    ),
    _graph(
        "sums begun at a layer's last node",
        "You begin a shared layer's sum at the last of layer.nodes. That may belong to another model: ask "
        "whether the layer has gone backward before in this call.",
        (
            "            if layer in sums:\n",
            "            if layer in sums and node is not layer.nodes[-1]:\n",
        ),
        ("        sums = {}\n", '        sums = self.__dict__.setdefault("sums", {})\n'),
    ),
    _graph(
        "values by layer",
        "You keep one result for each layer. A shared layer has one for each of its nodes.",
        (
            "return [self.values[parent] for parent in node.parents]",
            "return [self.results[parent.layer] for parent in node.parents]",
        ),
        (
            "        for node in self.nodes:\n            if node not in self.values:\n",
            "        self.results = {node.layer: array for node, array in self.values.items()}\n"
            "        for node in self.nodes:\n            if node not in self.values:\n",
        ),
        (_FORWARD, f"{_FORWARD}\n                self.results[node.layer] = self.values[node]"),
    ),
]

RIGHT: list[Variant] = [
    right(
        "a topological order by counting parents",
        "model",
        (
            "        self.nodes = []\n\n"
            "        def visit(node: Node) -> None:\n"
            "            if node not in self.nodes:\n"
            f"{_VISIT}\n"
            "        visit(outputs)\n"
            f"        self.layers = {_LAYERS}\n",
            "        found, waiting = [], [outputs]\n"
            "        while waiting:\n"
            "            node = waiting.pop(0)\n"
            "            if node not in found:\n"
            "                found.append(node)\n"
            "                waiting += node.parents\n"
            "        self.nodes = []\n"
            "        while len(self.nodes) < len(found):\n"
            "            for node in reversed(found):\n"
            "                ready = all(parent in self.nodes for parent in node.parents)\n"
            "                if node not in self.nodes and ready:\n"
            "                    self.nodes.append(node)\n"
            "        self.layers = []\n"
            "        for node in self.nodes:\n"
            "            if node.layer not in self.layers:\n"
            "                self.layers.append(node.layer)\n",
        ),
    ),
    right(
        "gradients start at 0 and every node goes forward again",
        "model",
        ("            if len(layer.nodes) > 1:\n    ", ""),
        (_COLLECT, "grads[parent] = grads.get(parent, 0) + grad"),
    ),
    right(
        "gradients added up in arrays of their own",
        "model",
        (
            _COLLECT,
            "if parent not in grads:\n"
            "                    grads[parent] = np.zeros_like(grad)\n"
            "                grads[parent] += grad",
        ),
    ),
    right(
        "nodes and layers as properties",
        "model",
        ("self.nodes.append", "self._nodes.append"),
        ("        self.nodes = []\n", "        self._nodes = []\n"),
        (f"        self.layers = {_LAYERS}\n", ""),
        (
            "    def _inputs_of(",
            "    @property\n    def nodes(self):\n        return self._nodes\n\n"
            f"    @property\n    def layers(self):\n        return {_LAYERS}\n\n"
            "    def _inputs_of(",
        ),
    ),
]
