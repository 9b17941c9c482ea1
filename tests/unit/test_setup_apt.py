"""What apt says becomes a few lines; a policy-rc.d of the machine's own survives."""

import pytest

from dockertutor.setup import apt


def test_progress_is_told_in_steps_not_in_every_line():
    said = []
    progress = apt.Progress(said.append)
    for percent in range(101):
        progress.take(f"dlstatus:1:{percent}.0:Retrieving file {percent} of 100\n")
    assert len(said) == 6
    assert said[-1] == "  Fetching  100 %  Retrieving file 100 of 100"


def test_lines_that_are_no_progress_are_left_out():
    said = []
    progress = apt.Progress(said.append)
    for line in ("pmconffile:/etc/x:1:'a' 'b'", "nonsense", "dlstatus:1:many:x", ""):
        progress.take(line)
    assert said == []


@pytest.fixture
def policy(tmp_path, monkeypatch):
    monkeypatch.setattr(apt, "POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(apt, "POLICY_ASIDE", tmp_path / "policy-rc.d.before-dockertutor")
    return tmp_path / "policy-rc.d"


def test_services_stay_off_only_meanwhile(policy):
    with apt.services_stay_off():
        assert "exit 101" in policy.read_text()
    assert not policy.exists()


def test_the_machines_own_policy_comes_back(policy):
    policy.write_text("#!/bin/sh\nexit 0\n")
    with apt.services_stay_off():
        assert "exit 101" in policy.read_text()
    assert policy.read_text() == "#!/bin/sh\nexit 0\n"


def test_what_an_interrupted_run_left_is_tidied(policy):
    policy.write_text("#!/bin/sh\nexit 0\n")
    left = apt.services_stay_off()
    left.__enter__()  # and killed here
    apt.tidy_policy()
    assert policy.read_text() == "#!/bin/sh\nexit 0\n"
