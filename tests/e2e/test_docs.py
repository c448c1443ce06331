"""What the documents show is tried: every configuration is checked, every command line is run."""

import re
import shlex

import pytest
from kit.box import TOP

README = (TOP / "README.md").read_text()
DOCUMENTED_SERVER = "192.0.2.53"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands(program):
    """The command lines that begin with `program`, without their remarks."""
    lines = [line for block in blocks("console") for line in block.splitlines() if line.startswith(f"$ {program} ")]
    return [line[2:].split("#")[0].rstrip(" &") for line in lines]


@pytest.mark.parametrize("text", blocks("yaml"))
def test_configurations_of_the_readme(box, run, text):
    done = run("dnsd", "--config", box.write("readme.yaml", text), "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", commands("dig"))
def test_questions_of_the_readme(pool, dig, line):
    words = [word for word in shlex.split(line)[1:] if word != f"@{DOCUMENTED_SERVER}"]
    assert f"@{DOCUMENTED_SERVER}" in line and dig(pool.dnsd.address, *words).strip()


@pytest.mark.parametrize("line", commands("dnsctl"))
def test_orders_of_the_readme(pool, run, line):
    done = run(*shlex.split(line), "--socket", pool.dnsd.control)
    assert done.returncode == 0 and done.stdout.strip(), done.stderr


@pytest.mark.parametrize("line", [line for line in commands("dnsd") if line != "dnsd"])
def test_checks_of_the_readme(pool, run, line):
    done = run(*shlex.split(line), "--config", pool.dnsd.config)
    assert done.returncode == 0, done.stderr


def test_verbs_of_the_readme():
    verbs = re.findall(r"^\$ \./run (\w+)", README, re.MULTILINE)
    listed = (TOP / "run").read_text()
    assert verbs and all(re.search(rf"^\./run {verb}\b", listed, re.MULTILINE) for verb in verbs)


@pytest.mark.parametrize("program", ["dnsd", "s3node"])
def test_pages_of_the_configuration_are_those_of_the_table(run, program):
    """docs/man/*.yaml.5 is made from the rows that read the file: `keys_page PROGRAM > docs/man/PROGRAM.yaml.5`."""
    done = run("keys_page", program)
    assert done.stdout == (TOP / f"docs/man/{program}.yaml.5").read_text()
