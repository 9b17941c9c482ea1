"""Set-up from end to end: find an engine or make one, bring the images, and undo all that."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dockertutor.called import SETUP
from dockertutor.engine.connection import Endpoint, candidates
from dockertutor.errors import EngineFault, EngineNotRunning, EngineRefused, SetupError
from dockertutor.setup import apt, hosts, hub, images, machine, mirror, own_engine, places
from dockertutor.setup.debian_packages import Package
from dockertutor.setup.engine_api import EngineApi
from dockertutor.setup.kit import Kit, megabytes, registry_answers
from dockertutor.setup.kit_images import NAMES
from dockertutor.setup.record import Record

USUAL = Endpoint("").source

Say = Callable[[str], None]
Ask = Callable[[str], bool]


@dataclass
class Setup:
    """One run of set-up. ``say`` gets lines to show, ``ask`` a question to answer with yes (True) or no.

    ``lessons``: the folder that holds ``images/``. ``host``, ``context``: as docker's options of these names.
    """

    lessons: Path
    say: Say
    ask: Ask
    host: str = ""
    context: str = ""
    kit: Kit = field(default_factory=lambda: Kit(places.kit()))
    record: Record = field(default_factory=Record.read)

    def ensure(self) -> Endpoint:
        """Make the machine ready and return the engine's address. Says nothing where nothing is to be done.

        Raises `SetupError` or an `EngineFault`: what happened, what to do.
        """
        found = self.find_engine()
        if found is not None:
            if found.path == own_engine.SOCKET and os.geteuid() == 0:
                own_engine.keep_mirror(self.record, self.kit)
            self._bring_images(found)
            return found
        self._make_engine()
        made = Endpoint(f"unix://{own_engine.SOCKET}")
        self._bring_images(made, agreed=True)
        return made

    def find_engine(self) -> Endpoint | None:
        """The engine that answers; None where set-up may make one. Raises the `EngineFault` of an engine that was
        chosen and does not answer, or that listens at a usual socket and is of no use."""
        places = candidates(host=self.host, context=self.context)
        chosen = places[0].source != USUAL
        fault: EngineFault | None = None
        for place in places:
            try:
                EngineApi(place).ping()
                return place
            except EngineNotRunning as error:
                fault = error if chosen else fault
            except EngineFault as error:
                fault = error
        if fault is not None:
            raise fault
        return None

    def _make_engine(self) -> None:
        here = machine.look()
        refusal = here.refusal()
        if refusal:
            raise refusal
        online = hub.reachable()
        unfinished = apt.unfinished(self.record.packages)
        packages = [] if here.dockerd and not unfinished else self._packages_to_install()
        plan = [] if online else self._kit_plan()
        if packages or plan or "docker.io" not in self.record.packages:
            self._agree_to_engine(packages, bool(here.systemd), sum(p.size for p in plan))
        if not hosts.localhost_known():
            self.record.localhost = True
            self.record.write()
            hosts.add_localhost()
        if packages:
            self.say("Installing Docker")
            self.record.packages = sorted({*self.record.packages, *apt.brings(packages, self.say)})
            self.record.write()  # before it begins: an interrupted installation is undone, too
            apt.install(packages, self.say)
        if not online:
            self._make_kit(plan)
            self.record.mirror_port = self.record.mirror_port or mirror.pick_port()
        self.say("Starting the Docker Engine")
        own_engine.start(machine.look(), self.record, self.kit)

    def _packages_to_install(self) -> list[str]:
        packages = apt.docker_packages()
        try:
            apt.download_size(packages, self.say)
        except SetupError:
            self.say(apt.FETCHING_LISTS)
            apt.update(self.say)
            packages = apt.docker_packages()
        return packages

    def _agree_to_engine(self, packages: list[str], systemd: bool, kit_size: int) -> None:
        self.say("No Docker Engine answers here. Set-up would now:")
        if packages:
            count, size = apt.download_size(packages, self.say)
            fetched = f"{count} packages, {megabytes(size)}" if count else "go on with what was interrupted"
            self.say(f"  - install {', '.join(packages)} ({fetched})")
        if kit_size:
            self.say(f"  - fetch {megabytes(kit_size)} of packages to make the lesson images from (no Docker Hub here)")
        if not hosts.localhost_known():
            self.say(f"  - write the name localhost into {hosts.HOSTS}, since this machine does not know it")
        how = "as a system service" if systemd else f"in the background (log: {own_engine.by_hand().log})"
        self.say(f"  - start the engine {how}; {self._undoing(packages)}")
        if not self.ask("Go on?"):
            raise SetupError(
                "Nothing was installed.", f"Run {SETUP} again when you want to, or start an engine yourself."
            )

    def _undoing(self, packages: list[str]) -> str:
        """How what set-up does to the engine is taken back: one that was installed before stays so."""
        ours = bool(packages) or "docker.io" in self.record.packages
        undone = f"`{SETUP} --stop-engine` stops it"
        return f"{undone}, `{SETUP} --uninstall` removes it" if ours else undone

    def _bring_images(self, engine: Endpoint, *, agreed: bool = False) -> None:
        api = EngineApi(engine)
        lack = images.missing(api, self.lessons, self.record)
        if not lack:
            return
        port = self.record.mirror_port
        pull = bool(port and engine.path == own_engine.SOCKET and registry_answers(mirror.address(port)))
        if lack.outside and not pull:
            pull = hub.reachable()
            if pull:
                size = sum(images.HUB_SIZES[name] for name in lack.outside)
                self.say(f"Pulling {', '.join(lack.outside)} from Docker Hub (about {megabytes(size)})")
            else:
                why = f"Docker Hub cannot be reached: {', '.join(lack.outside)}"
                self._take_the_kit(why, self._kit_plan(), agreed=agreed)
        self.say("Getting the lesson images")
        try:
            images.make_available(api, lack, self.kit, self.record, self.say, pull=pull)
        except EngineRefused as refused:  # this engine has no way to Docker Hub, or has pulled too much there
            lack = images.missing(api, self.lessons, self.record)
            if not (pull and lack.outside):
                raise
            try:
                plan = self._kit_plan()
            except SetupError as no_kit:  # then the refusal is what has to be mended
                raise SetupError(refused.what, images.after_refusal(refused, lack.outside)) from no_kit
            self.say(refused.what)
            self._take_the_kit(f"Instead of Docker Hub: {', '.join(lack.outside)}", plan, agreed=agreed)
            images.make_available(api, lack, self.kit, self.record, self.say, pull=False)

    def _kit_plan(self) -> list[Package]:
        return [] if self.kit.complete else self.kit.plan(self.say)

    def _take_the_kit(self, why: str, plan: list[Package], *, agreed: bool) -> None:
        """Say what the kit stands in for and what is fetched for it, ask, and make it."""
        brings = f"; fetching {megabytes(sum(p.size for p in plan))} of Debian's packages for it" if plan else ""
        self.say(f"{why} from the offline kit{brings}")
        if plan and not agreed and not self.ask("Go on?"):
            raise SetupError("The lesson images are not here.", f"Run {SETUP} again when you want them.")
        self._make_kit(plan)

    def _make_kit(self, plan: list[Package]) -> None:
        if self.kit.complete:
            return
        self.say("Making the offline kit")
        self.kit.make(plan, self.say)

    def stop_engine(self) -> None:
        """Stop the engine that set-up started, and the kit's registry."""
        stopped = own_engine.stop(self.record)
        for what in stopped:
            self.say(f"Stopped {what}.")
        if not stopped:
            self.say("There is no engine here that set-up started; nothing was stopped.")

    def uninstall(self) -> None:
        """Remove what set-up installed, and nothing else; what must stay is said."""
        apt.tidy_policy() if os.geteuid() == 0 else None
        for what in own_engine.stop(self.record):
            self.say(f"Stopped {what}.")
        if self.record.localhost and hosts.remove_localhost():
            self.say(f"Removed the name localhost from {hosts.HOSTS}, where set-up had written it.")
        for name in own_engine.remove_files(self.record):
            self.say(f"Removed {name}.")
        if self.record.packages:
            self.say(f"Removing {len(self.record.packages)} packages")
            stay = apt.remove(self.record.packages, self.say)
            if stay:
                self.say(f"Kept, because other packages need them: {', '.join(stay)}.")
            if Path("/var/lib/docker").is_dir():
                self.say("Kept: /var/lib/docker, with the images and containers of the engine. Remove it by hand.")
        else:
            brought = ", ".join((*NAMES, *map(images.course_name, images.course_images(self.lessons))))
            self.say(f"Kept: the images on your engine. Those that the lessons use are {brought}.")
        shutil.rmtree(self.kit.folder, ignore_errors=True)
        shutil.rmtree(places.state(), ignore_errors=True)
        for folder in (places.kit().parent, places.state().parent):
            with contextlib.suppress(OSError):
                folder.rmdir()  # only where nobody else keeps anything in it
        self.say("Set-up is undone. Your progress and your files are kept.")
