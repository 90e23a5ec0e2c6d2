"""A document made by hand: one of everything, with the awkward cases (bars, backticks, long paths, odd bytes)."""

import msgspec

from dockwright.report.document import Document

PLACE = {"path": "", "line": 0, "column": 0, "end_line": 0, "end_column": 0}


def place(path: str, line: int = 0, snippet: str = "") -> dict:
    return {
        **PLACE,
        "path": path,
        "line": line,
        "column": 1 if line else 0,
        "end_line": line,
        "snippet": snippet,
    }


def figure(
    name: str, value: float, unit: str = "files", basis: str = "derived", how: str = "counted", **more
) -> dict:
    return {"name": name, "value": value, "unit": unit, "basis": basis, "how": how, **more}


def entry(path: str, **more) -> dict:
    return {
        "path": path,
        "standing": "own",
        "service": "",
        "variant": "",
        "environment": "",
        "status": "live",
        "used_by": [],
        "uses": 0,
        "lines": 40,
        "last_change": "2025-09-04",
        "content": "a" * 40,
        "why": "name",
        **more,
    }


def dockerfile(path: str, service: str, variant: str = "", **more) -> dict:
    return entry(
        path,
        service=service,
        variant=variant,
        **{
            "inline": False,
            "buildable": True,
            "unbuildable_because": [],
            "stages": ["builder", ""],
            "base_images": ["python:3.11-slim"],
            "builds": [],
            **more,
        },
    )


def service(name: str, **more) -> dict:
    return {
        "name": name,
        "line": 3,
        "image": "",
        "dockerfile": "",
        "target": "",
        "ports": [],
        "profiles": [],
        "user": "",
        "init": "",
        "health_check": False,
        "memory": "",
        "cpus": "",
        "context": "",
        "restart": "",
        "depends_on": [],
        "read_only": False,
        "privileged": False,
        "cap_add": [],
        "cap_drop": [],
        "security_opt": [],
        **more,
    }


def finding(rule: str, severity: str, message: str, where: dict, **more) -> dict:
    return {
        "rule": rule,
        "severity": severity,
        "confidence": "high",
        "category": "broken",
        "message": message,
        "location": where,
        "related": [],
        "figures": [],
        "evidence": [],
        "service": "",
        "environment": "",
        "fingerprint": "f" * 16,
        **more,
    }


def cause(rank: int, rule: str, title: str, findings: list[int], places: list[dict], **more) -> dict:
    return {
        "rank": rank,
        "rule": rule,
        "title": title,
        "severity": "critical",
        "confidence": "high",
        "category": "broken",
        "cause": "",
        "fix": "",
        "reaches_live": True,
        "places": places,
        "findings": findings,
        **more,
    }


HIDDEN = [place("docker/backend.Dockerfile", 46), place("docker/auth.test.Dockerfile", 17)]
SOCKET = place("compose.test.yaml", 31)


def document() -> Document:
    """The sample, whole."""
    return msgspec.convert(data(), Document)


def data() -> dict:
    return {
        "tool": {"name": "dockwright", "version": "0.1.0"},
        "subject": {
            "name": "shop",
            "revision": "345fee14f0a1b2c3d4e5f60718293a4b5c6d7e8f",
            "state": "commit",
            "date": "",
            "basis": "Every count is derived from the files at commit 345fee14f0a1; nothing was built or run.",
            "above": "",
            "notes": [],
        },
        "summary": [
            figure("Dockerfiles", 5, how="files of the repository itself, by name and content"),
            figure("Dockerfiles that cannot be built", 2, how="a clean clone lacks what they copy"),
            figure("Dockerfiles after the proposal", 2, low=2, high=3, how="kept and undecided files"),
        ],
        "first": [
            cause(
                1,
                "copy-source-hidden",
                "2 Dockerfiles copy what the ignore file hides",
                [0, 1],
                HIDDEN,
                cause=".dockerignore:3",
                fix="narrow the pattern, or stop copying the path",
            ),
            cause(
                2,
                "socket-mounted",
                "the engine's socket is mounted into `runner`",
                [2],
                [SOCKET],
                severity="high",
                category="security",
                confidence="medium",
                fix="take the mount out",
            ),
            cause(
                3,
                "base-skew",
                "one base image in 2 versions",
                [3],
                [place("web/Dockerfile", 1)],
                severity="low",
                category="drift",
                reaches_live=False,
            ),
            cause(
                4,
                "dead-file",
                "nothing names the file",
                [4],
                [place("docker/auth.old.Dockerfile")],
                severity="low",
                category="dead",
                reaches_live=False,
                fix="remove it",
            ),
        ],
        "inventory": inventory(),
        "images": [image()],
        "overlaps": [overlap()],
        "environments": environments(),
        "findings": findings(),
        "rules": [
            {
                "id": rule,
                "summary": summary,
                "category": "broken",
                "severity": "critical",
                "why": "The build stops at that line.",
                "fix": "Narrow the pattern, or stop copying the path.",
                "findings": number,
            }
            for rule, summary, number in (
                ("copy-source-hidden", "copied path is hidden by the ignore file", 2),
                ("socket-mounted", "the engine's socket is mounted", 1),
                ("base-skew", "one base image in several versions", 1),
                ("dead-file", "nothing names the file", 1),
            )
        ],
        "security": [
            {
                "id": "sockets",
                "title": "Engine sockets mounted into containers",
                "why": "Who has the socket has the machine.",
                "severity": "high",
                "places": [SOCKET],
                "notes": ["`runner` can start any container"],
            },
            {
                "id": "privileged",
                "title": "Privileged containers",
                "why": "",
                "severity": "high",
                "places": [],
                "notes": [],
            },
        ],
        "proposal": proposal(),
        "suppressed": [
            {
                "finding": finding("moving-tag", "low", "`latest` moves", place("web/Dockerfile", 1)),
                "reason": "follows upstream on purpose",
                "by": "comment",
            }
        ],
        "skipped": [
            {"what": "huge.Dockerfile", "reason": "larger than 16 MB"},
            {"what": "docs/caf\\xe9.md", "reason": "cannot be read: permission denied"},
        ],
        "counts": {
            "severity": {"critical": 2, "high": 1, "low": 2},
            "category": {"broken": 2, "security": 1, "drift": 1, "dead": 1},
            "confidence": {"high": 5},
            "rule": {"copy-source-hidden": 2, "socket-mounted": 1, "base-skew": 1, "dead-file": 1},
        },
    }


def findings() -> list[dict]:
    hidden = [
        finding(
            "copy-source-hidden",
            "critical",
            "`test_framework` is hidden from the context by `.dockerignore`",
            where,
            related=[{"location": place(".dockerignore", 3), "label": "hidden here"}],
            evidence=["the build in `compose.yaml` has the context `.`"],
            service="backend",
        )
        for where in HIDDEN
    ]
    return [
        *hidden,
        finding(
            "socket-mounted",
            "high",
            "`/var/run/docker.sock` is mounted | `:ro` does not help",
            SOCKET,
            category="security",
            service="runner",
            environment="test",
        ),
        finding("base-skew", "low", "`node` in 18 and 20", place("web/Dockerfile", 1), category="drift"),
        finding(
            "dead-file",
            "low",
            "nothing names this file",
            place("docker/auth.old.Dockerfile"),
            category="dead",
        ),
    ]


def inventory() -> dict:
    used = {"path": "compose.yaml", "line": 12, "verb": "builds", "strength": "build", "uncertain": ""}
    return {
        "inline": [],
        "dockerfiles": [
            dockerfile("docker/auth.Dockerfile", "auth"),
            dockerfile("docker/auth.old.Dockerfile", "auth", "old", status="dead"),
            dockerfile(
                "docker/auth.test.Dockerfile",
                "auth",
                "test",
                buildable=False,
                unbuildable_because=["COPY tests: hidden"],
                status="tests",
            ),
            dockerfile("docker/backend.Dockerfile", "backend", used_by=[used], buildable=False),
            dockerfile("web/Dockerfile", "web", base_images=["node:18"], buildable=None),
            dockerfile("backup/Dockerfile", "web", standing="backup", status="dead"),
        ],
        "compose": [
            {
                **entry(
                    "compose.yaml",
                    environment="development",
                    used_by=[{**used, "path": "Makefile", "line": 3}],
                ),
                "buildable": False,
                "fragment": False,
                "project": "",
                "services": [
                    service(
                        "backend",
                        dockerfile="docker/backend.Dockerfile",
                        context=".",
                        ports=["8000:8000"],
                        memory="2G",
                        depends_on=["db (service_healthy)", "c|ache"],
                        read_only=True,
                        cap_drop=["ALL"],
                        security_opt=["no-new-privileges:true"],
                    ),
                    service("db", image="postgres:15"),
                ],
                "used_with": [["compose.yaml"]],
            },
            {
                **entry("compose.test.yaml", environment="test", status="tests"),
                "buildable": None,
                "fragment": True,
                "project": "",
                "services": [service("runner"), service("backend", image="shop/backend:1")],
                "used_with": [["compose.yaml", "compose.test.yaml"]],
            },
        ],
        "bakes": [],
        "ignore_files": [{**entry(".dockerignore"), "read_by": [""], "patterns": 12}],
        "scripts": [
            {
                **entry("scripts/docker_cleanup.sh", status="dead"),
                "category": "cleanup",
                "language": "shell",
                "test": False,
                "legacy": ["nothing calls it", "docker-compose.dev.yml, which it runs, does not exist"],
                "invokes": [
                    {
                        "line": 4,
                        "engine": "docker",
                        "verb": "system prune",
                        "text": "docker system prune -af --volumes",
                        "within": "",
                        "fallback": True,
                        "destroys": "volumes, images of the whole machine",
                    }
                ],
            }
        ],
        "workflows": [],
        "others": [],
        "script_twins": [{"same": "name", "files": ["a.sh", "a.bat"], "note": "two languages"}],
    }


def image() -> dict:
    return {
        "dockerfile": "docker/backend.Dockerfile",
        "target": "",
        "line": 20,
        "services": ["backend"],
        "base": "python:3.11-slim",
        "pin": "version",
        "installs": [
            {"manager": "apt", "packages": ["gcc", "curl"], "manifests": [], "lines": [22]},
            {"manager": "pip", "packages": [], "manifests": ["requirements.txt"], "lines": [31, 33]},
        ],
        "manifests_first": False,
        "stages": 2,
        "stages_used": 2,
        "build_tools": [{"name": "gcc", "place": place("docker/backend.Dockerfile", 22)}],
        "user": "",
        "runs_as_root": True,
        "health_check": "compose",
        "init": "none",
        "entry": "uvicorn app:main --port 8000",
        "ports": ["8000"],
        "cache_mounts": 0,
        "limits": [{"path": "compose.yaml", "line": 9, "service": "backend", "memory": "2G", "cpus": ""}],
        "layer_order": ["`COPY . .` in line 30 comes before `pip install` in line 31"],
        "built_by": [place("compose.yaml", 12)],
        "buildable": False,
    }


def environments() -> list[dict]:
    common = {
        "profiles": [],
        "env_files": [],
        "project_directory": "",
        "project_name": "",
        "unset": [],
        "missing": [],
        "errors": [],
        "services": ["api", "db|x"],
        "nearest": None,
        "ports": [{"host": "127.0.0.1:8000/tcp", "service": "api", "target": "8000"}],
        "made": [
            {"service": "api", "dockerfile": "docker/backend.Dockerfile", "target": "dev", "image": ""},
            {"service": "db|x", "dockerfile": "", "target": "", "image": "postgres:15"},
        ],
    }
    nearest = {
        "name": "dev",
        "share": 0.41,
        "figures": [figure("settings", 0.5, "share")],
        "services": [
            {"service": "api", "counterpart": "dev-api", "state": "variables", "equal": 3, "settings": 4},
            {"service": "db|x", "counterpart": "db", "state": "other", "equal": 1, "settings": 4},
        ],
        "only_here": ["mail`er"],
        "only_there": [],
        "differences": [{"what": "api environment.A", "values": ["1|2", None]}],
        "more_differences": 3,
    }
    test = {
        "name": "test",
        "kind": "test",
        "files": ["compose.yaml", "compose.test.yaml"],
        "how": "a command loads them",
    }
    dev = {
        "name": "dev",
        "kind": "development",
        "files": ["compose.yaml"],
        "how": "compose finds it by its name",
    }
    refusal = {"message": "services.api is | wrong", "places": ["compose.yaml:3", "compose.yaml:9"]}
    return [
        common
        | test
        | {"strength": "run", "evidence": [f"ci/{n}.sh:1" for n in range(5)], "nearest": nearest}
        | {"status": "needs", "unset": ["TAG"], "missing": [".env.local"], "profiles": ["e2e"]},
        common
        | dev
        | {"strength": "script", "evidence": [], "status": "refused", "errors": [refusal, refusal]},
    ]


def overlap() -> dict:
    return {
        "kind": "dockerfiles",
        "title": "docker/auth.Dockerfile ~ docker/auth.test.Dockerfile",
        "files": ["docker/auth.Dockerfile", "docker/auth.test.Dockerfile"],
        "places": [],
        "figures": [figure("equal instructions", 0.78, "share", how="aligned instructions")],
        "differences": [{"what": "ENV MODE", "values": ["prod|x", None]}],
        "more_differences": 2,
        "notes": ["equal until 2025-08-30"],
    }


def proposal() -> dict:
    decision = {
        "into": "",
        "by": "evidence",
        "risk": "low",
        "reasons": ["compose.yaml builds it"],
        "callers": [],
    }
    return {
        "targets": [
            {
                "path": "docker/auth.Dockerfile",
                "kind": "dockerfile",
                "replaces": ["docker/auth.test.Dockerfile"],
                "parameters": ["`ENV MODE`"],
            }
        ],
        "decisions": [
            {**decision, "path": "docker/auth.Dockerfile", "kind": "dockerfile", "action": "keep"},
            {
                **decision,
                "path": "docker/auth.test.Dockerfile",
                "kind": "dockerfile",
                "action": "merge",
                "into": "docker/auth.Dockerfile",
                "risk": "medium",
                "callers": [place("compose.test.yaml", 8)],
            },
            {**decision, "path": "docker/auth.old.Dockerfile", "kind": "dockerfile", "action": "remove"},
            {**decision, "path": "compose.yaml", "kind": "compose", "action": "keep"},
        ],
        "questions": [
            {
                "title": "slim or alpine for backend?",
                "why": "the two share 10% of instructions, so the base is a decision, not a parameter.",
                "choices": ["slim: `docker/backend.Dockerfile`", "alpine: none"],
                "files": ["docker/backend.Dockerfile"],
                "figures": [],
            }
        ],
        "phases": [
            {
                "number": 1,
                "title": "remove what nothing uses",
                "risk": "low",
                "why": "Nothing that runs names these files.",
                "steps": ["remove `docker/auth.old.Dockerfile`"],
                "touches": ["docker/auth.old.Dockerfile"],
                "needs": [],
                "checks": ["`git grep` finds no `docker/auth.old.Dockerfile`"],
                "figures": [figure("files removed", 1)],
            }
        ],
        "figures": [figure("Dockerfiles now", 5), figure("Dockerfiles after", 3, low=2, high=3)],
    }
