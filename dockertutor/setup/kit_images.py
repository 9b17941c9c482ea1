"""The offline kit's images: what the official ones have at the same paths, ports and commands, from Debian's packages.

busybox: every applet. registry: /var/lib/registry, port 5000, /etc/docker/registry/config.yml. nginx:
/usr/share/nginx/html, port 80, /etc/nginx/conf.d. All have busybox's shell, as the official ones have Alpine's.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from dockertutor.called import SETUP
from dockertutor.errors import SetupError
from dockertutor.setup.image_archive import Layer, OfflineImage

PACKAGES = ("busybox-static", "docker-registry", "nginx")
NAMES = ("hello-world:latest", "busybox:latest", "registry:2", "nginx:alpine")

_PASSWD = """\
root:x:0:0:root:/root:/bin/sh
nginx:x:101:101:nginx:/var/cache/nginx:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
"""
_GROUP = "root:x:0:\nnginx:x:101:\nnogroup:x:65534:\n"
_HELLO = Path(__file__).with_name("hello-world.txt")

_REGISTRY_CONFIG = """\
version: 0.1
log: {fields: {service: registry}}
storage: {cache: {blobdescriptor: inmemory}, filesystem: {rootdirectory: /var/lib/registry}, delete: {enabled: true}}
http: {addr: ":5000", headers: {X-Content-Type-Options: [nosniff]}}
"""
_REGISTRY_ENTRY = """\
#!/bin/sh
set -e
case "$1" in
    *.yaml|*.yml) set -- registry serve "$@" ;;
    serve|garbage-collect|help|-*) set -- registry "$@" ;;
esac
exec "$@"
"""
_NGINX_CONFIG = """\
user nginx;
worker_processes auto;
error_log /var/log/nginx/error.log notice;
pid /run/nginx.pid;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /var/log/nginx/access.log combined;
    sendfile on;
    keepalive_timeout 65;
    include /etc/nginx/conf.d/*.conf;
}
"""
_NGINX_SITE = """\
server {
    listen 80;
    server_name localhost;
    location / {
        root /usr/share/nginx/html;
        index index.html index.htm;
    }
}
"""
_NGINX_PAGE = """\
<!DOCTYPE html>
<html><head><title>Welcome to nginx!</title></head>
<body><h1>Welcome to nginx!</h1>
<p>This page comes from a web server in a container. Put a page of your own in /usr/share/nginx/html.</p>
</body></html>
"""


def build(unpacked: Path, work: Path) -> list[OfflineImage]:
    """The kit's images, from Debian packages unpacked in ``unpacked``; ``work`` is emptied and used.

    Raises `SetupError` where a package holds no such program.
    """
    shutil.rmtree(work, ignore_errors=True)
    busybox = Layer.of(_busybox(unpacked, work / "busybox"), "busybox from Debian's busybox-static")
    registry = Layer.of(_registry(unpacked, work / "registry"), "registry from Debian's docker-registry")
    nginx = Layer.of(_nginx(unpacked, work / "nginx"), "nginx from Debian's nginx")
    hello = Layer.of(_hello(unpacked, work / "hello"), "a greeting, printed by Debian's busybox-static")
    config = "/etc/docker/registry/config.yml"
    return [
        OfflineImage("hello-world:latest", [hello], {"Cmd": ["/hello"]}),
        OfflineImage("busybox:latest", [busybox], {"Cmd": ["sh"]}),
        OfflineImage(
            "registry:2",
            [busybox, registry],
            {
                "Entrypoint": ["/entrypoint.sh"],
                "Cmd": [config],
                "ExposedPorts": {"5000/tcp": {}},
                "Volumes": {"/var/lib/registry": {}},
            },
        ),
        OfflineImage(
            "nginx:alpine",
            [busybox, nginx],
            {"Cmd": ["nginx", "-g", "daemon off;"], "ExposedPorts": {"80/tcp": {}}, "StopSignal": "SIGQUIT"},
        ),
    ]


def program(unpacked: Path, name: str) -> Path:
    """Where a program lies in the unpacked packages (/bin moved into /usr between releases)."""
    for folder in ("usr/bin", "bin", "usr/sbin", "sbin"):
        path = unpacked / folder / name
        if path.is_file():
            return path
    raise SetupError(f"Debian's packages here hold no `{name}`.", f"Run `apt-get update`, then {SETUP} again.")


def _busybox(unpacked: Path, root: Path) -> Path:
    binary = program(unpacked, "busybox")
    for folder in ("bin", "etc", "root", "home", "dev", "proc", "sys", "run", "usr/bin", "usr/sbin", "sbin", "var/log"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("tmp", "var/tmp"):
        (root / folder).mkdir()
        (root / folder).chmod(0o1777)
    shutil.copy2(binary, root / "bin/busybox")
    applets = subprocess.run([binary, "--list"], capture_output=True, text=True, check=True).stdout.split()
    for applet in sorted(set(applets) - {"busybox"}):
        (root / "bin" / applet).symlink_to("busybox")
    _write(root / "etc/passwd", _PASSWD)
    _write(root / "etc/group", _GROUP)
    return root


def _registry(unpacked: Path, root: Path) -> Path:
    _with_libraries(program(unpacked, "docker-registry"), root / "bin/registry", unpacked, root)
    _write(root / "etc/docker/registry/config.yml", _REGISTRY_CONFIG)
    _write(root / "entrypoint.sh", _REGISTRY_ENTRY).chmod(0o755)
    (root / "var/lib/registry").mkdir(parents=True)
    return root


def _nginx(unpacked: Path, root: Path) -> Path:
    _with_libraries(program(unpacked, "nginx"), root / "usr/sbin/nginx", unpacked, root)
    _write(root / "etc/nginx/nginx.conf", _NGINX_CONFIG)
    _write(root / "etc/nginx/conf.d/default.conf", _NGINX_SITE)
    _write(root / "usr/share/nginx/html/index.html", _NGINX_PAGE)
    types = unpacked / "etc/nginx/mime.types"
    _write(root / "etc/nginx/mime.types", types.read_text() if types.is_file() else "types { text/html html htm; }\n")
    for folder in ("run", "var/cache/nginx", "var/lib/nginx/body", "var/log/nginx"):
        (root / folder).mkdir(parents=True)
    (root / "var/log/nginx/access.log").symlink_to("/dev/stdout")
    (root / "var/log/nginx/error.log").symlink_to("/dev/stderr")
    return root


def _hello(unpacked: Path, root: Path) -> Path:
    (root / "bin").mkdir(parents=True)
    shutil.copy2(program(unpacked, "busybox"), root / "bin/busybox")
    _write(root / "hello", "#!/bin/busybox sh\nexec /bin/busybox cat /hello.txt\n").chmod(0o755)
    _write(root / "hello.txt", _HELLO.read_text())
    return root


def _with_libraries(binary: Path, target: Path, unpacked: Path, root: Path) -> None:
    """Copy a program, the loader it names and the libraries it loads, all from the packages."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(binary, target)
    folders = sorted({str(p.parent) for p in unpacked.rglob("lib*.so*")})
    done = subprocess.run(
        ["ldd", str(binary)],
        capture_output=True,
        text=True,
        env={"LD_LIBRARY_PATH": ":".join(folders), "PATH": "/usr/bin:/bin"},
    )
    for line in done.stdout.splitlines():
        match = re.match(r"\s+(/?\S+?)(?: => (\S+))? \(0x", line)
        if match is None or match[1].startswith("linux-vdso"):
            continue
        name = Path(match[1]).name
        source = next((p for p in sorted(unpacked.rglob(name)) if p.exists()), None)
        if source is None:
            raise SetupError(
                f"Debian's packages here lack the library {name} for {binary.name}.",
                f"Run `apt-get update`, then {SETUP} again.",
            )
        place = match[1] if match[1].startswith("/lib") else f"/lib/{name}"
        copy = root / place.lstrip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source.resolve(), copy)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o644)
    return path
