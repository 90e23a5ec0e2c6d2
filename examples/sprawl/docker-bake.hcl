variable "TAG" {
  default = "latest"
}

group "default" {
  targets = ["api", "web"]
}

target "api" {
  context    = "."
  dockerfile = "docker/api.Dockerfile"
  tags       = ["quayside/api:${TAG}"]
}

target "web" {
  context    = "."
  dockerfile = "docker/web.Dockerfile"
  target     = "release"
  tags       = ["quayside/web:${TAG}"]
}
