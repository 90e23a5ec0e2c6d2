"""Secrets: names, values, and taking them out of texts. All values are made up for these tests."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockwright.knowledge.secrets import FERNET as FERNET_LENGTH
from dockwright.knowledge.secrets import (
    REDACTED,
    buildkit_secret_name,
    is_placeholder,
    looks_secret,
    name_strength,
    redact,
    secret_kind,
)
from dockwright.knowledge.tables import table

FERNET = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MEFCQ0RFRkdISUo="
JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJl"
KEY_ID = "AKIA" + "Q3EGRIZ4XMPL7ABC"


@pytest.mark.parametrize(
    ("name", "strength"),
    [
        ("DB_PASSWORD", "strong"), ("JWT_SECRET_KEY", "strong"), ("githubToken", "strong"), ("API_KEY", "strong"),
        ("AWS_SECRET_ACCESS_KEY", "strong"), ("SERVICE_SECRET", "strong"), ("PASSWORD2", "strong"), ("AUTH", "weak"),
        ("DB_PASSWORD_FILE", ""), ("KEYCLOAK_VERSION", ""), ("PUBLIC_KEY", ""), ("AUTH_SERVICE_URL", ""), ("TOKEN_TTL", ""),
        ("AWS_ACCESS_KEY_ID", ""), ("MONKEY", ""), ("KEYBOARD", ""), ("NODE_ENV", ""), ("TOKENIZER", ""), ("SECRET_NAME", ""),
    ],
)  # fmt: skip
def test_names(name, strength):
    assert name_strength(name) == strength


@pytest.mark.parametrize(
    ("name", "reported"),
    [("API_KEY", True), ("AUTH_MODE", True), ("DB_PASSWORD_FILE", False), ("APIKEY", True), ("githubToken", False), ("PUBLIC_KEY", False)],
)  # fmt: skip
def test_buildkits_own_verdict_is_kept_beside_ours(name, reported):
    assert buildkit_secret_name(name) is reported


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (KEY_ID, "AWS access key"), (FERNET, "Fernet key"), (JWT, "JSON web token"),
        ("-----BEGIN RSA PRIVATE KEY-----", "private key"), ("-----BEGIN PRIVATE KEY-----", "private key"),
        ("-----BEGIN PUBLIC KEY-----", ""), ("ghp_" + "a1B2" * 9, "GitHub token"), ("postgres://u:pw1@db/x", "URL with password"),
        ("postgres://u:${PW}@db/x", ""), ("postgres://u@db/x", ""), ("redis://db:6379", ""), ("http://a/b@c", ""),
        ("plain text", ""), ("sha256:" + "a" * 64, ""),
    ],
)  # fmt: skip
def test_kinds_of_values(value, kind):
    assert secret_kind(value) == kind


@pytest.mark.parametrize("kind", sorted(set(table("secrets")["values"]) - {"Fernet key"}))
@settings(max_examples=10)
@given(st.data())
def test_every_value_of_a_kind_holds_its_signs(kind, data):
    """Texts without any are not searched."""
    value = data.draw(st.from_regex(table("secrets")["values"][kind], fullmatch=True))
    assert any(sign in value for sign in table("secrets")["signs"][kind])
    assert redact(f"is {value} it") != f"is {value} it"


def test_a_fernet_key_is_looked_for_in_every_text_that_may_hold_it():
    assert "[A-Za-z0-9_-]{43}=" in table("secrets")["values"]["Fernet key"]
    assert len(FERNET) == FERNET_LENGTH + 1
    assert redact(FERNET) == REDACTED


@pytest.mark.parametrize(
    "value",
    ["", "changeme", "CHANGE_ME_NOW", "your-token-here", "${TOKEN}", "$TOKEN", "{{ token }}", "<password>", "xxxxxxxx", "example-key",
     "true", "null", "vault:secret/x", "%TOKEN%"],
)  # fmt: skip
def test_placeholders(value):
    assert is_placeholder(value)
    assert looks_secret("DB_PASSWORD", value) == ""


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DB_PASSWORD", "hunter22", "named so"), ("POSTGRES_PASSWORD", "postgres", "named so"), ("ANYTHING", KEY_ID, "AWS access key"),
        ("DATABASE_URL", "mysql://u:pw1@h/d", "URL with password"), ("CACHE_KEY", "v1", ""), ("AUTH_MODE", "oauth", ""),
        ("MAX_TOKENS", "4096", ""), ("API_KEY", "12345", ""), ("NAME", "hunter22", ""), ("FERNET_KEY", FERNET, "Fernet key"),
        ("CHECKSUM", FERNET, ""),
    ],
)  # fmt: skip
def test_what_holds_a_secret(name, value, why):
    assert looks_secret(name, value) == why


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("DB_PASSWORD=hunter22 A=1", f"DB_PASSWORD={REDACTED} A=1"),
        ('{"token": "abc12345"}', f'{{"token": "{REDACTED}"}}'),
        ("password: 'a b c'", f"password: '{REDACTED}'"),
        ("postgres://u:pw1@db:5432/x", f"postgres://u:{REDACTED}@db:5432/x"),
        ("DATABASE_URL=postgres://u:pw1@db/x", f"DATABASE_URL=postgres://u:{REDACTED}@db/x"),
        ("login --password hunter22 -u me", f"login --password {REDACTED} -u me"),
        (f"key {KEY_ID}.", f"key {REDACTED}."),
        ("docker login -u me -p hunter22 r.io", f"docker login -u me -p {REDACTED} r.io"),
        ("podman login -p='hunter22'", f"podman login -p='{REDACTED}'"),
        ("helm registry login -u a -p hunter22 x", f"helm registry login -u a -p {REDACTED} x"),
        ("mysql -u root -phunter22 -e 'select 1'", f"mysql -u root -p{REDACTED} -e 'select 1'"),
        ("docker exec db mysqldump -phunter22 x", f"docker exec db mysqldump -p{REDACTED} x"),
        ("mongosh -u root -p hunter22 --eval x", f"mongosh -u root -p {REDACTED} --eval x"),
        ("redis-cli -a hunter22 ping", f"redis-cli -a {REDACTED} ping"),
        ("redis-server --requirepass hunter22", f"redis-server --requirepass {REDACTED}"),
        ("sshpass -p hunter22 ssh x", f"sshpass -p {REDACTED} ssh x"),
        ("curl -s -u admin:hunter22 https://x", f"curl -s -u admin:{REDACTED} https://x"),
        ("curl -u 'admin:hunter22' https://x", f"curl -u 'admin:{REDACTED}' https://x"),
        ('curl -H "Authorization: Bearer abcd" x', f'curl -H "Authorization: Bearer {REDACTED}" x'),
        ("a Bearer abcdefgh1234 b", f"a Bearer {REDACTED} b"),
        ("CREATE USER a WITH PASSWORD 'hunter22';", f"CREATE USER a WITH PASSWORD '{REDACTED}';"),
        ("ALTER USER a IDENTIFIED BY 'hunter22'", f"ALTER USER a IDENTIFIED BY '{REDACTED}'"),
        (
            "echo hunter22 | docker login -u a --password-stdin",
            f"echo {REDACTED} | docker login -u a --password-stdin",
        ),
        ("rabbitmqctl add_user me hunter22", f"rabbitmqctl add_user me {REDACTED}"),
        ("htpasswd -bc f me hunter22", f"htpasswd -bc f me {REDACTED}"),
        ("unzip -P hunter22 f.zip", f"unzip -P {REDACTED} f.zip"),
        (
            "aws configure set aws_secret_access_key hunter22",
            f"aws configure set aws_secret_access_key {REDACTED}",
        ),
        ("PGPASSWORD=hunter22 psql", f"PGPASSWORD={REDACTED} psql"),
        (
            "x --db-password hunter22 --client-secret=abc",
            f"x --db-password {REDACTED} --client-secret={REDACTED}",
        ),
        (f"ENV K={FERNET}", f"ENV K={REDACTED}"),
    ],
)
def test_redaction(text, redacted):
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    ["DB_PASSWORD=${DB_PASSWORD}", "password: changeme", "docker login --password-stdin", "image: python:3.12@sha256:" + "a" * 64,
     "docker run --name mysql -p 3306:3306 -p127.0.0.1:33060:33060/tcp mysql:8", "docker login -u me -p $PASS r.io",
     "docker run --name mongo -p 27017:27017 mongo", "docker build --secret id=npm,src=.npmrc .", "mysql -u root -p",
     "adduser --disabled-password app", "curl -u admin:$PASS https://x", "curl https://x -o mysql.tar", "login page",
     "config set registry https://x", "a Bearer authentication scheme", "git config --global user.name me",
     "echo $PASS | docker login --password-stdin", "docker login r.io && docker run -p 80:80 x", "--pass-through x",
     "KEYCLOAK_VERSION=24", "a=b c=d", "http://example.org/x?y=z", "TOKEN_TTL=3600", "secrets: inherit", ""],
)  # fmt: skip
def test_what_gives_nothing_away_stays(text):
    assert redact(text) == text


@given(st.text(alphabet="abcXYZ0189_.-=:/@\"' \n${}", max_size=200))
def test_redaction_never_fails_and_is_stable(text):
    once = redact(text)
    assert redact(once) == once


@given(
    st.sampled_from(["PASSWORD", "api_key", "SECRET", "authToken"]),
    st.from_regex(r"[a-z]{3}[0-9]{3}[A-Z]{4}", fullmatch=True),
)
def test_a_secret_never_survives(name, value):
    assert value not in redact(f"{name}={value}")
    assert value not in redact(f'"{name}": "{value}",')
    assert value not in redact(f"run --x {name}='{value}' y")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "a=" * 300_000,
        "://" * 300_000,
        "eyJ" + "a" * 500_000,
        "A" * 500_000 + "=",
        "login " * 20_000,
        "mysql -" * 20_000,
        "echo a " * 20_000,
        "curl a:" * 20_000,
        "htpasswd -b a " * 10_000,
        "config set a" * 20_000,
    ],
)
@pytest.mark.slow
def test_redaction_stays_linear(text):
    assert isinstance(redact(text), str)


@pytest.mark.parametrize(
    "text", ["DB_PASSWORD=corr3ct-horse", "x API_TOKEN: 'abcdefgh12345' y", "--password hunter2x9"]
)
def test_what_is_redacted_stays_as_it_is(text: str) -> None:
    once = redact(text)
    assert once != text
    assert redact(once) == once
