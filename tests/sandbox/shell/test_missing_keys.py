"""A KeyError is answered with the keys that there are."""

from collections.abc import Iterator

import pytest

from sandbox.shell.driver import ShellProcess


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShellProcess]:
    with ShellProcess(tmp_path_factory.mktemp("workspace")) as process:
        yield process


PEOPLE = "people = [{'name': 'Ann', 'age': 41}]\n"
FRAME = "import pandas as pd\ndf = pd.DataFrame({'city': ['Oslo'], 'Price': [3]})\n"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("stock = {'apple': 3, 'pear': 4}\nstock['plum']", "The keys are: 'apple', 'pear'"),
        (PEOPLE + "for person in people:\n    print(person['years'])", "The keys are: 'name', 'age'"),
        (PEOPLE + "people[0]['years']", "The keys are: 'name', 'age'"),
        (PEOPLE + "sum(each['years'] for each in people)", "The keys are: 'name', 'age'"),
        (PEOPLE + "def f(one):\n    return one[\n        'years'\n    ]\nf(people[0])", "The keys are: 'name', 'age'"),
        ("é = {'ü': 1}\nprint('naïve', é['u'])", "The keys are: 'ü'"),
        ("stock = {'a': 1}\ndel stock['b']", "The keys are: 'a'"),
        ("stock = {'a': 1}\nstock['b'] += 1", "The keys are: 'a'"),
        ("stock = {'a': 1}\nstock.pop('b')", "The keys are: 'a'"),
        ("stock = {}\nstock['b']", "There are no keys."),
        ("class A: pass\na = A()\na.stock = {(1, 'x'): 2}\na.stock[1]", "The keys are: (1, 'x')"),
        ("many = {f'n{n}': n for n in range(300)} | {'average': 0}\nmany['averge']", "Some of the 301 keys are: 'average', 'n0', "),
        (FRAME + "df['price'].sum()", "The columns are: 'city', 'Price'"),
        (FRAME + "df[['city', 'price']]", "The columns are: 'city', 'Price'"),
        (FRAME + "df.groupby('town')['Price'].sum()", "The columns are: 'city', 'Price'"),
        (FRAME + "for _, row in df.iterrows():\n    row['price']", "The labels are: 'city', 'Price'"),
    ],
)
def test_a_key_that_is_not_there_is_answered_with_those_that_are(shell: ShellProcess, cell: str, told: str) -> None:
    ran = shell.run_all(cell)
    assert ran.error is not None
    assert ran.error[0] == "KeyError"
    name, last = ran.traceback.splitlines()[-2:]
    assert name.startswith("KeyError: ")
    assert last.startswith(told)
    assert len(last) < 500


@pytest.mark.parametrize(
    "cell",
    [
        "raise KeyError('x')",
        "stock = {'x': 1}\ndef get(stock, name):\n    raise KeyError(name)\nget(stock, 'y')",
        "def make():\n    print('made')\n    return {'a': 1}\nmake()['b']",
        "class Loud(dict):\n    def __missing__(self, key):\n        raise KeyError('in all')\nLoud(a=1)['b']",
        "class Bad:\n    def __repr__(self):\n        raise ValueError\n    def __hash__(self):\n        return 1\nd = {Bad(): 1}\nd['b']",
        "import os\nos.environ['NOT_THERE']",
        "%time {}['k']",
    ],
)
def test_nothing_is_added_where_the_keys_are_not_known(shell: ShellProcess, cell: str) -> None:
    ran = shell.run_all(cell)
    assert ran.traceback.splitlines()[-1].startswith("KeyError: ")
    assert ran.stdout.count("made") <= 1


def test_no_code_of_the_users_is_run_to_find_the_keys(shell: ShellProcess) -> None:
    ran = shell.run_all(
        "class A:\n    @property\n    def stock(self):\n        print('asked')\n        return {'x': 1}\n"
        "    def __getitem__(self, key):\n        print('asked')\n        return {'x': 1}\n"
        "a = A()\ntry:\n    a.stock['y']\nexcept KeyError:\n    pass\na['z']['y']"
    )
    assert ran.stdout.count("asked") == 2
    assert ran.traceback.endswith("KeyError: 'y'\n")
