"""What apt says becomes a few lines; a policy-rc.d of the machine's own survives."""

import pytest

from dockertutor.errors import SetupError
from dockertutor.setup import apt
from tests.unit.own_packages import with_packages_of_its_own


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


# ------------------------------------------------------------------ what an interruption left
@pytest.fixture
def states(monkeypatch):
    """What dpkg knows: docker.io unpacked, iptables and curl whole, an old package's files gone."""
    known = {"docker.io": "unpacked", "iptables": "installed", "curl": "installed", "old": "config-files"}
    monkeypatch.setattr(apt, "_states", lambda: known)


def test_a_package_that_is_half_installed_or_gone_is_unfinished(states):
    assert apt.unfinished(["curl", "docker.io", "iptables", "docker-cli", "old"]) == ["docker.io", "docker-cli", "old"]


def test_a_package_that_is_half_installed_is_here(states):
    assert apt.installed() == {"docker.io", "iptables", "curl"}


# ------------------------------------------------------------------ another program installs packages
@pytest.fixture
def hurried(monkeypatch):
    """No time passes while we wait."""
    monkeypatch.setattr(apt.time, "sleep", lambda _: None)


def failing(times, detail):
    """A step that fails so many times with what apt said."""
    tries = iter(range(times))

    def step():
        if next(tries, None) is not None:
            raise SetupError("`apt-get install` failed", detail=detail)
        return "installed"

    return step


@pytest.mark.parametrize(
    "heard",
    [
        "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 17 (apt-get)",
        "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?",
        "dpkg: error: dpkg frontend lock was locked by another process with pid 17",
    ],
)
def test_another_installer_is_waited_for_and_told_of_once(hurried, heard):
    said = []
    assert apt._patiently(failing(2, heard), said.append) == "installed"
    assert said == ["  Another program is installing packages on this machine; waiting for it …"]


def test_any_other_fault_is_told_at_once(hurried):
    with pytest.raises(SetupError):
        apt._patiently(failing(1, "E: Unable to locate package docker.io"), pytest.fail)


def test_it_is_not_waited_for_without_end(hurried, monkeypatch):
    monkeypatch.setattr(apt, "LOCK_SECONDS", -1.0)
    with pytest.raises(SetupError):
        apt._patiently(failing(1, "E: Could not get lock /var/lib/dpkg/lock"), pytest.fail)


@pytest.mark.root
@pytest.mark.parametrize(
    ("lock", "command"),
    [
        ("dpkg/lock-frontend", ["dpkg", "--configure", "-a"]),
        ("dpkg/lock-frontend", ["apt-get", "-q", "check"]),
        ("apt/lists/lock", ["apt-get", "-q", "update"]),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_real_locks_are_known_by_what_apt_and_dpkg_say(lock, command):
    code = f"""
        import fcntl
        from dockertutor.setup import apt
        lock = open("/var/lib/{lock}", "w")
        fcntl.lockf(lock, fcntl.LOCK_EX)
        def say(line):
            print(line)
            lock.close()
        apt._call({command!r}, say)
        print("done")
    """
    assert with_packages_of_its_own(code) == [
        "  Another program is installing packages on this machine; waiting for it …",
        "done",
    ]
