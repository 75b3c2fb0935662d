"""Cells run here show what they show in a real kernel, and no more than is allowed."""

from __future__ import annotations

import importlib.util
import itertools
import json
import multiprocessing
import os
import re
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import Execute

from autograder.worker.cells import MAX_FRAMES, CellRunner
from autograder.worker.outputs import MAX_OUTPUTS, RESERVE
from autograder.worker.overwriting import overwritten

Cells = list[list[dict[str, Any]]]

# Each is run in order, in one notebook, here and in a kernel.
TABLE = [
    "print('a'); import sys; print('b', file=sys.stderr); print('c', end=''); print('d')",
    "1 + 1",
    "_ + 1, _2, In[:2], Out, _i, __name__",
    "sorted(set(globals()) - {'untouched'})",
    "5;",
    "None",
    "get_ipython().__class__.__name__, get_ipython() is get_ipython().instance()",
    # Errors
    "1 / 0",
    "def f(x):\n    return x + '1'\nf(1)",
    "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('second') from e",
    "assert 1 == 2, 'the message'",
    "raise KeyboardInterrupt('x')",
    "class E(Exception):\n    def __str__(self): return 'line 1\\nline 2'\nraise E",
    "import json; json.loads('{')",
    "x = )",
    "  y = 1\n z = 2",
    "return 3",
    "exec('1/0')",
    "%nosuchmagic",
    "raise ExceptionGroup('eg', [ValueError(1), TypeError('t')])",
    "import traceback\ntry: 1/0\nexcept ZeroDivisionError: traceback.print_exc()",
    "%xmode Plain\n1/0",
    "%xmode Context\n1/0",
    "input('name?')",
    "sys.exit(3)",
    "sys.exit()",
    # Warnings and logging
    "import warnings; warnings.warn('careful')",
    "import logging; logging.warning('logged')",
    "logging.basicConfig(level='INFO', format='%(message)s'); logging.info('one')",
    "logging.info('two')",
    # Figures
    "import numpy as np, matplotlib.pyplot as plt\nplt.plot([1, 2, 4]); plt.title('a')",
    "fig, ax = plt.subplots(); ax.plot([1, 2]); plt.show(); print('after')",
    "plt.plot([3, 1]); print('before the error'); 1 / 0",
    "fig",
    "%matplotlib inline",
    "import seaborn as sns; sns.heatmap(np.arange(6).reshape(2, 3))",
    "%config InlineBackend.figure_format = 'retina'\nplt.plot([1, 2]);",
    "plt.get_fignums()",
    # Rich displays
    "from IPython.display import *",
    "display(HTML('<b>x</b>'), Markdown('*m*'), Latex('$x$'), Math('x^2'), SVG('<svg></svg>'))",
    "HTML('<i>y</i>')",
    "JSON({'a': [1, 2]})",
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + bytes(100))",
    "display({'text/plain': 'raw', 'text/html': '<b>'}, raw=True, metadata={'a': 1})",
    "np.zeros((2, 3))",
    "import pandas as pd; pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
    "print(pd.DataFrame(np.zeros((3, 40))))",
    "from sklearn.linear_model import LinearRegression; print(LinearRegression())",
    # Displays that change
    "handle = display('one', display_id='d1'); print('between'); handle.update('two')",
    "handle.update('three, from a later cell')",
    "display('four, under the same id', display_id='d1')",
    "print('gone'); clear_output(); print('stays')",
    "print('gone'); clear_output(wait=True); print('stays'); clear_output(wait=True)",
    "for i in range(3):\n    clear_output(wait=True); print(i); display(HTML(str(i)))",
    "for _ in ProgressBar(3): pass",
    "print('\\r 10%\\r 20%', '\\x1b[31mred\\x1b[0m')",
    # Magics
    "%time sum(range(10))",
    "%%time\nx = 3\nx",
    "%timeit -n 2 -r 1 1 + 1",
    "%%capture captured\nprint('not shown'); 3",
    "captured.stdout",
    "%%html\n<p>hello</p>",
    "%%latex\n$x$",
    "%history -n 1-2",
    "f?",
    "%cd -q /\n%pwd",
    "%cd /no/such/folder\nprint('behind')",
    "import tempfile; folder = tempfile.TemporaryDirectory()\n%cd -q {folder.name}",
    "cd -q .",
    "%nosuchmagic\nprint('behind')",
    "%%nosuchmagic\nprint('behind')",
    "%load_ext autoreload\n%autoreload 2\nprint('behind')",
    "%load_ext autoreload",
    "%env GRADED=1\nimport os; os.environ['GRADED']",
    "%config Completer.use_jedi = False\n%config InlineBackend.figure_formats = ['png']\n1",
    "%precision 3\n0.123456",
    "%precision %r\n0.123456",
    "%%writefile companion.py\nZ = 3",
    "import companion; companion.Z",
    "%matplotlib agg\nprint('behind')",
    "%matplotlib inline\nprint('behind')",
    "%run companion.py\nprint(Z)",
    "%store Z\ndel Z\n%store -r Z\nZ",
    "%store",
    "%prun -q sum(range(10))",
    "%who_ls int",
    "breakpoint()\nprint('behind')",
    "def g():\n    %time x = 2\n    breakpoint()\n    return 2 * x\ng()",
    "%killbgscripts",
    "%cd -q /\nfolder.cleanup()",
    # Await
    "import asyncio\nasync def g(): await asyncio.sleep(0.01); return 5\nawait g()",
    "task = asyncio.create_task(g()); asyncio.get_running_loop().is_running()",
    "await task",
    "async with asyncio.timeout(0.01): await asyncio.sleep(1)",
    # Widgets, and what libraries ask
    "import ipywidgets\nipywidgets.IntSlider()",
    "display(ipywidgets.HBox([ipywidgets.Button(description='b')]))",
    "import pickle\nclass K: pass\npickle.loads(pickle.dumps(K())).__class__.__name__",
    "import inspect; print(inspect.getsource(f))",
    "import threading; t = threading.Thread(target=print, args=('t',)); t.start(); t.join()",
    "sys.displayhook(3); sys.stdout.isatty(), sys.stdout.encoding, hasattr(sys.stdout, 'buffer')",
    "print(1, flush=True); sys.stdout.writelines(['a', 'b'])",
]
if importlib.util.find_spec("tqdm"):
    TABLE += [
        "from tqdm import tqdm\nfor i in tqdm(range(3), bar_format='{n}/{total}'): pass",
        "from tqdm.notebook import tqdm\nfor i in tqdm(range(3)): pass",
        "from tqdm.auto import tqdm; tqdm.__module__",
    ]

# What differs from one run to the next, in a kernel too.
VARYING = {
    r"[/\w.-]*/ipykernel_\d+/\d+\.py": "CELL",
    r"0x[0-9a-f]{6,}": "ADDRESS",
    r"[\d.]+(e[+-]\d+)? ?(ns|[µμ]s|ms|s)\b": "DURATION",
    r"\b[0-9a-f]{32}\b": "ID",
}


def normal(outputs: list[dict[str, Any]]) -> str:
    """Return outputs as text that two runs of one cell have in common.

    A kernel sends text in bursts, on a timer: between two other outputs, what it sends is the same,
    but the order of stdout and stderr is not. And where an error is shown as text alone, nbgrader
    adds one, whose traceback is a sentence. A kernel also sends what a bar wrote over, which no
    notebook shows.
    """
    same: list[dict[str, Any]] = []
    for is_text, group in itertools.groupby(outputs, lambda out: out["output_type"] == "stream"):
        if is_text:
            text = {"stdout": "", "stderr": ""}
            for output in group:
                text[output["name"]] += output["text"]
            shown = {name: overwritten(text[name]) for name in text}
            same += [{"name": name, "text": shown[name]} for name in shown if shown[name]]
        else:
            same += [
                {k: v for k, v in output.items() if k != "traceback" or "In[" in "".join(v)}
                for output in group
            ]
    spelt = json.dumps(same, indent=1, sort_keys=True, ensure_ascii=False)
    for pattern, name in VARYING.items():
        spelt = re.sub(pattern, name, spelt)
    return spelt


def _surroundings() -> tuple[Any, ...]:
    streams = sys.stdin, sys.stdout, sys.stderr
    hooks = sys.displayhook, sys.excepthook, input, print
    return dict(os.environ), sys.modules["__main__"], threading.enumerate(), streams, hooks


def _environment(home: Path) -> dict[str, str]:
    """Return what keeps IPython and matplotlib inside `home`. Tracebacks shorten the real one."""
    return {"HOME": str(home), "IPYTHONDIR": f"{home}/ipython", "MPLCONFIGDIR": f"{home}/mpl"}


def _serve(connection: Any, home: Path) -> None:
    """Be the grader's warm process: make a runner, and fork a child for every job that arrives."""
    os.environ.update(_environment(home))
    sys.path.append("")  # as in a worker
    before = _surroundings()
    runner = CellRunner()
    runner.warm_up()
    runner.namespace["untouched"] = _surroundings() == before
    runner.warm_up(["numpy", "pandas", "seaborn", "sklearn.linear_model", "ipywidgets"])
    while job := connection.recv():
        if os.fork() == 0:
            try:
                null = os.open(os.devnull, os.O_RDWR)
                for descriptor in (0, 1, 2):
                    os.dup2(null, descriptor)
                connection.send(job[0](runner, *job[1:]))
            except BaseException:
                connection.send(traceback.format_exc())
            os._exit(0)
        os.wait()


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    ours, theirs = multiprocessing.Pipe()
    home = tmp_path_factory.mktemp("home")
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, home))
    process.start()
    yield ours
    ours.send(None)
    process.join()


@pytest.fixture
def in_child(grader: Any) -> Callable[..., Any]:
    """Call `job(runner, *arguments)` in a fresh child of the warm process."""

    def call(job: Callable[..., Any], *arguments: Any) -> Any:
        grader.send((job, *arguments))
        assert grader.poll(120), "The child did not answer."
        result = grader.recv()
        assert not isinstance(result, str), result
        return result

    return call


def _run(runner: CellRunner, sources: list[str], limit: int = 1_000_000) -> Cells:
    runner.max_output_bytes = limit
    return [runner.run(source) for source in sources]


@pytest.fixture
def run(in_child: Callable[..., Any]) -> Callable[..., Cells]:
    """Run sources in a fresh child."""
    return lambda *sources, limit=1_000_000: in_child(_run, list(sources), limit)


@pytest.fixture(scope="module")
def table(grader: Any, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """What the cells of the table show in nbgrader's kernel, and what they show here."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in TABLE])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _environment(tmp_path_factory.mktemp("home_of_kernel")).items():
            patch.setenv(name, value)
        folder = tmp_path_factory.mktemp("kernel")
        Execute(kernel_name="python3").preprocess(notebook, {"metadata": {"path": str(folder)}})
    grader.send((_run, TABLE))
    ours = grader.recv()
    assert not isinstance(ours, str), ours
    pairs = zip(notebook.cells, ours, strict=True)
    return [(normal(cell.outputs), normal(outputs)) for cell, outputs in pairs]


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[repr(cell)[1:40] for cell in TABLE])
def test_same_as_in_a_kernel(table: list[tuple[str, str]], number: int) -> None:
    kernel, here = table[number]
    assert here == kernel


# What would start something, alone and in front of more, and how the line that is printed ends.
STARTS_SOMETHING = {
    "!ls -la": "!ls -la",
    "!pip install -q ipycanvas": "!pip install -q ipycanvas",
    "!!ls": "!ls",
    "x = !ls\nassert type(x).__name__ == 'SList' and x == []": "!ls",
    "x = %sx ls\nassert x == []": "!ls",
    "%sx ls": "!ls",
    "%system ls": "!ls",
    "%%system\nls": "!ls",
    "%%!\nls": "!ls",
    "%pip install -q ipycanvas": "%pip install -q ipycanvas",
    "pip install numpy": "%pip install numpy",
    "%conda install numpy": "%conda install numpy",
    "%mamba install numpy": "%mamba install numpy",
    "%micromamba install numpy": "%micromamba install numpy",
    "%uv pip install numpy": "%uv pip install numpy",
    "%ls": "!ls -F --color",
    "ls": "!ls -F --color",
    "%mkdir data": "!mkdir data",
    "%alias again ls\n%again": "!ls ",
    "%man ls": "!man ls | col -b",
    "%%bash\necho 1": "%%bash",
    "%%bash --out a --err b\necho 1": "%%bash",
    "%%sh\nexit 1": "%%sh",
    "%%script bash -x\necho 1": "%%bash -x",
    "%%perl\nprint 1": "%%perl",
    "%%python3\nprint(1)": "%%python3",
    "if True:\n    !ls": "!ls",
    "def f():\n    %pip install numpy\n    return 3\nassert f() == 3": "%pip install numpy",
    "!sleep 100 &": "!sleep 100 &",
    "get_ipython().system('ls')": "!ls",
    "get_ipython().system_raw('ls')": "!ls",
    "assert get_ipython().getoutput('ls', split=False) == ''": "!ls",
    "get_ipython().run_line_magic('pip', 'install numpy')": "%pip install numpy",
}


@pytest.mark.parametrize("source", STARTS_SOMETHING)
def test_a_command_is_not_run_and_the_cell_goes_on(run: Callable[..., Cells], source: str) -> None:
    line = (
        f"The grader runs no commands, and went on without this one: {STARTS_SOMETHING[source]}\n"
    )
    (alone,) = run(source)
    assert line.split() == text(alone, "stdout").split()
    assert "error" not in kinds(alone)
    if not source.startswith(("%%", "ls", "pip")):
        (in_front,) = run(f"{source}\nprint('behind')")
        assert text(in_front, "stdout").endswith("\nbehind\n")


def test_a_command_starts_nothing(run: Callable[..., Cells], tmp_path: Path) -> None:
    file = tmp_path / "made"
    ways = ("!touch {}", "x = !touch {}", "%sx touch {}", "%%bash\ntouch {}", "%%sx\ntouch {}")
    run(*(way.format(file) for way in ways), f"get_ipython().system_raw('touch {file}')")
    assert not file.exists()


def test_what_a_script_would_have_printed_is_empty(run: Callable[..., Cells]) -> None:
    shown = run("%%bash --out a --err b\necho 1", "a, b")[1]
    assert shown[0]["data"]["text/plain"] == "('', '')"


@pytest.mark.parametrize("window", ["widget", "notebook", "qt", "qt5", "tk", "ipympl", "nbagg"])
def test_figures_need_no_window(run: Callable[..., Cells], window: str) -> None:
    cell = f"%matplotlib {window}\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    (shown,) = run(cell)
    assert kinds(shown) == ["stream", "display_data"]
    assert window in shown[0]["text"]


@pytest.mark.parametrize("magic", ["load_ext", "reload_ext"])
@pytest.mark.parametrize("name", ["tensorboard", "google.colab.data_table", "lab_black"])
def test_an_extension_of_elsewhere_is_done_without(
    run: Callable[..., Cells], magic: str, name: str
) -> None:
    (shown,) = run(f"%{magic} {name}\nprint('behind')")
    assert f"The grader has no extension {name}, and went on without it" in shown[0]["text"]
    assert shown[0]["text"].endswith("\nbehind\n")


def text(outputs: list[dict[str, Any]], name: str) -> str:
    return "".join(out["text"] for out in outputs if out.get("name") == name)


def kinds(outputs: list[dict[str, Any]]) -> list[str]:
    return [output["output_type"] for output in outputs]


CUT = re.compile(
    rf"\n\[Cut: no more than [\d,]+ bytes and {MAX_OUTPUTS:,} outputs of one cell are kept\.\]\n$"
)


def test_streams_keep_the_order_of_writing(run: Callable[..., Cells]) -> None:
    source = "import sys\nfor s in 'ab': print(s); print(s); print(s.upper(), file=sys.stderr)"
    shown = [(out["name"], out["text"]) for out in run(source)[0]]
    assert shown == [
        ("stdout", "a\na\n"),
        ("stderr", "A\n"),
        ("stdout", "b\nb\n"),
        ("stderr", "B\n"),
    ]


def test_exit_goes_on_with_the_next_cell(run: Callable[..., Cells]) -> None:
    assert [kinds(cell) for cell in run("exit()", "1", "quit", "2")] == [
        [],
        ["execute_result"],
        [],
        ["execute_result"],
    ]


def test_output_past_python_is_not_kept_and_harms_nothing(run: Callable[..., Cells]) -> None:
    assert kinds(run("import os; os.write(1, b'raw'); os.write(2, b'raw'); 1")[0]) == [
        "execute_result"
    ]


def test_endless_recursion_is_shown_without_its_middle(run: Callable[..., Cells]) -> None:
    error, _ = run("def f(n): return f(n + 1)\nf(0)", "1")
    assert error[0]["ename"] == "RecursionError"
    shown = "\n".join(error[0]["traceback"])
    assert 3 < shown.count("Cell") <= MAX_FRAMES  # some versions of IPython join like frames
    assert re.search(r"\[\d+ frames from the middle are not shown\.\]\n.*RecursionError", shown)


@pytest.mark.parametrize("wait", ["while True: pass", "import asyncio; await asyncio.sleep(60)"])
def test_interrupt_ends_the_cell_and_no_more(run: Callable[..., Cells], wait: str) -> None:
    interrupt = f"threading.Timer(0.2, os.kill, (os.getpid(), {int(signal.SIGINT)})).start()"
    stopped, following = run(f"import os, threading; {interrupt}\n{wait}", "1")
    assert stopped[-1]["ename"] in ("KeyboardInterrupt", "CancelledError")
    assert kinds(following) == ["execute_result"]


@pytest.mark.parametrize(
    "source",
    [
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
        "def f():\n    try: 1 / 0\n    finally: f()\nf()",
        "get_ipython().showtraceback = lambda *a, **k: None\n1 / 0",
        "get_ipython()._showtraceback = lambda *a, **k: None\n1 / 0",
        "def f(): raise SystemExit\nget_ipython().events.register('post_execute', f)",
        "import asyncio\nasync def f(): raise SystemExit\n"
        "task = asyncio.create_task(f())\nawait asyncio.sleep(1)",
        "from IPython.display import clear_output\n"
        "get_ipython().events.register('post_execute', clear_output)\n1 / 0",
    ],
)
def test_failure_always_shows_an_error(run: Callable[..., Cells], source: str) -> None:
    assert "error" in kinds(run(source)[0])


def test_outputs_can_be_saved(run: Callable[..., Cells]) -> None:
    """A lone surrogate cannot be written as UTF-8, nor can NaN as JSON."""
    bundle = "{'text/plain': 'x', 'application/json': {'n': float('nan')}}"
    shown = run("print('\\ud800', flush=True)", f"display({bundle}, raw=True)")
    json.dumps(shown, ensure_ascii=False, allow_nan=False).encode("utf-8")
    for cell in shown:
        source = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(out) for out in cell])
        nbformat.validate(nbformat.v4.new_notebook(cells=[source]))


@pytest.mark.parametrize(
    "flood",
    [
        "print('x' * 3_000_000)",
        "print('\\u20ac' * 1_000_000)",
        "for i in range(200_000): print(i)",
        "for i in range(5_000): display(i)",
        "for i in range(5_000): print(i, file=sys.stderr if i % 2 else sys.stdout)",
        "for i in range(20): display({'text/html': str(i) * 100_000}, raw=True)",
        "for i in range(20): get_ipython().run_cell('sys.displayhook(\"x\" * 90_000)')",
        "for i in range(50): get_ipython().run_cell('raise ValueError(\"x\" * 30_000)')",
        "display({'text/html': 'x' * 3_000_000}, raw=True)",
        "'x' * 3_000_000",
        "display(1, display_id='a').update('x' * 3_000_000)",
    ],
)
def test_flood_is_cut_and_says_so(run: Callable[..., Cells], flood: str) -> None:
    limit = 500_000
    _, cell, following = run("import sys", flood, "1", limit=limit)
    assert CUT.search(cell[-1]["text"])
    assert len(cell) <= MAX_OUTPUTS + RESERVE // 100
    size = sum(
        len(out["text"].encode()) if out["output_type"] == "stream" else len(json.dumps(out))
        for out in cell
    )
    assert size <= limit + RESERVE + 100
    assert kinds(following) == ["execute_result"]


def test_what_is_kept_is_whole(run: Callable[..., Cells]) -> None:
    """Between the limit and the reserve, a value is shown as it is, not clipped."""
    value = run("'x' * 550_000", limit=500_000)[0][0]
    assert len(value["data"]["text/plain"]) == 550_002


def test_marks_survive_a_flood(run: Callable[..., Cells]) -> None:
    """nbgrader reads errors, values and text on stderr."""
    flood = "print('x' * 3_000_000)\nfor i in range(2_000): display(i)\n"
    failed, partial, warned, fine = run(
        f"{flood}1 / 0",
        f"{flood}0.5",
        f"{flood}import sys; print('wrong', file=sys.stderr)",
        flood,
    )
    assert "ZeroDivisionError" in [out.get("ename") for out in failed]
    assert [out["data"] for out in partial if "execution_count" in out] == [{"text/plain": "0.5"}]
    assert text(warned, "stderr")
    assert not text(fine, "stderr")


def test_long_life_of_a_small_display(run: Callable[..., Cells]) -> None:
    """What is replaced or cleared does not count."""
    updated, cleared = run(
        "h = display('a', display_id=True)\nfor i in range(100): h.update(f'{i}' * 5_000)",
        "from IPython.display import clear_output\n"
        "for i in range(100): print('c' * 10_000); clear_output(wait=True)\nprint('end')",
        limit=50_000,
    )
    assert [out["data"] for out in updated] == [{"text/plain": repr("99" * 5_000)}]
    assert [out["text"] for out in cleared] == ["end\n"]


def test_huge_error_is_bounded(run: Callable[..., Cells]) -> None:
    big, wide = run(
        "raise type('N' * 10**6, (Exception,), {})('y' * 10**6)",
        "raise ValueError(" + repr("z" * 100_000) + ")",
    )
    assert len(json.dumps(big)) < 100_000
    assert len(json.dumps(wide)) < 100_000
    assert "The middle of this traceback was left out." in "".join(wide[0]["traceback"])
    assert big[0]["evalue"].startswith("yyy")


def _peak(runner: CellRunner, source: str) -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    runner.run(source)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024


@pytest.mark.parametrize(
    ("source", "own"),
    [
        ("print('x' * 300_000_000)", 300_000_000),
        ("display({'text/html': 'x' * 300_000_000}, raw=True)", 300_000_000),
        ("for i in range(200_000): print(i, 'x' * 1_000)", 0),
    ],
)
def test_memory(in_child: Callable[..., Any], source: str, own: int) -> None:
    """Recording takes little beyond what the cell itself makes."""
    assert in_child(_peak, source) < own + 40_000_000


def _traces(runner: CellRunner, folder: str) -> tuple[list[str], list[str], int]:
    os.chdir(folder)
    magics = ["%cd .", "%history", "x = 1", "%bookmark here", "%config InlineBackend", "1 / 0"]
    for magic in magics:
        runner.run(magic)
    home = [str(path) for path in Path(os.environ["HOME"]).rglob("*") if "mpl" not in str(path)]
    return os.listdir(folder), home, threading.active_count()


def test_leaves_no_traces(in_child: Callable[..., Any], tmp_path: Path) -> None:
    """No profile, no history, no thread."""
    assert in_child(_traces, str(tmp_path)) == ([], [], 1)


def _untouched(runner: CellRunner) -> bool:
    return runner.namespace["untouched"]


def test_making_a_runner_leaves_the_grader_alone(in_child: Callable[..., Any]) -> None:
    assert in_child(_untouched)


def _call(runner: CellRunner) -> tuple[int, bool]:
    runner.namespace["given"] = 20
    runner.run("def double(x):\n    print('called')\n    return 2 * x")
    runner.run("import sys; sys.stdout = None; got = given + 1")
    names = runner.namespace
    return names["double"](names["got"]), "matplotlib" in names


def test_namespace_between_cells(in_child: Callable[..., Any]) -> None:
    assert in_child(_call) == (42, False)


def test_children_do_not_meet(run: Callable[..., Cells]) -> None:
    run("planted = 1")
    assert run("planted")[0][0]["ename"] == "NameError"
