"""Which service is which."""

from dockwright.compose.pairs import paired


def db(**more):
    return {"image": "postgres:16", "ports": [{"target": 5432, "protocol": "tcp"}], **more}


def built(name, **more):
    return {"build": {"context": "/r", "dockerfile": f"docker/{name}.Dockerfile"}, **more}


def pairs(a, b):
    return paired({"services": a}, {"services": b})


def test_names_that_differ_by_their_environment():
    assert pairs(
        {"dev-db": db(), "dev-api": built("api", depends_on={"dev-db": {}}), "web": {}},
        {
            "test-db": db(image="postgres:15"),
            "test-api": built("api.alpine", depends_on={"test-db": {}}),
            "web": {},
        },
    ) == {"dev-db": "test-db", "dev-api": "test-api"}


def test_another_name_altogether():
    environment = {"POSTGRES_DB": "x", "POSTGRES_USER": "y"}
    assert pairs({"db": db(environment=environment)}, {"postgres": db(environment=environment)}) == {
        "db": "postgres"
    }


def test_the_same_name_is_no_sign_when_it_is_another_program():
    assert pairs({"dev-cache": {"image": "redis:7"}}, {"test-queue": {"image": "rabbitmq:3"}}) == {}


def test_two_of_one_image_are_told_apart_by_what_they_serve():
    a = {"a-db": db(), "b-db": db(ports=[{"target": 5555, "protocol": "tcp"}])}
    b = {"y": db(ports=[{"target": 5555, "protocol": "tcp"}]), "x": db()}
    assert pairs(a, b) == {"a-db": "x", "b-db": "y"}
