"""Names of Docker Hub's official images: a name without a slash that is none of them cannot be pulled.

Source: github.com/docker-library/official-images, folder `library/`, and the deprecated images that Docker Hub still
serves (hub.docker.com/u/library), as known in 2025.
"""

_TEXT = """adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash bonita
    buildpack-deps busybox caddy cassandra chronograf cirros clearlinux clefos clickhouse clojure composer consul convertigo
    couchbase couchdb crate crux dart debian django docker docker-dev drupal eclipse-mosquitto eclipse-temurin eggdrop elixir
    elasticsearch emqx erlang euleros express-gateway fedora flink fluentd fsharp friendica gazebo gcc geonetwork ghost glassfish
    golang gradle groovy haproxy haskell haxe hello-seattle hello-world hello-skopeo hipache hitch hola-mundo httpd hylang
    ibm-semeru-runtimes ibmjava influxdb iojs irssi java jenkins jetty jobber joomla jruby julia kaazing-gateway kapacitor kibana
    known kong krakend lightstreamer liquibase logstash mageia mariadb matomo maven mediawiki memcached mono mongo mongo-express
    monica mysql nats nats-streaming neo4j neurodebian nextcloud nginx node notary nuodb nuxeo odoo open-liberty openjdk opensuse
    oraclelinux orientdb owncloud percona perl photon php php-zendserver phpmyadmin piwik plone postfixadmin postgres powershell
    pypy python r-base rabbitmq rails rakudo-star rapidoid redis redmine registry rethinkdb rocket.chat rockylinux ros ruby rust
    sapmachine satosa scala scratch sentry silverpeas sl solr sonarqube sourcemage spark spiped storm swarm swift swipl
    switchblade teamspeak telegraf thrift tomcat tomee traefik ubuntu ubuntu-debootstrap ubuntu-upstart unit valkey varnish vault
    websphere-liberty wordpress xwiki yourls znc zookeeper centos celery"""
_OFFICIAL = frozenset(_TEXT.split())


def is_local_name(name: str) -> bool:
    """True for a name of Docker Hub without a slash that no official image has (`bats-jenkins`, `templates`)."""
    return "/" not in name and name not in _OFFICIAL
