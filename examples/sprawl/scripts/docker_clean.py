"""Removes what the tests left behind."""

import subprocess


def clean() -> None:
    try:
        subprocess.run(["docker", "compose", "-f", "docker-compose.test.yml", "down", "--volumes"], check=True)
    except subprocess.CalledProcessError:
        subprocess.run("docker rm -f $(docker ps -aq)", shell=True, check=False)


if __name__ == "__main__":
    clean()
