# Ibid in a container: docker build -t ibid .   docs/deploying.md says how to run it. A test takes these steps one by one.

FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.lock ./
# What the lock names and nothing else, by its hashes; pip compiles the bytecode, without which every start takes twice as long.
# Both secrets may be left out: pip's configuration, and the certificates (PEM) that it may name, as cert = /run/secrets/ca.
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca \
    python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --no-deps --require-hashes --only-binary=:all: -r requirements.lock
WORKDIR /ibid
COPY LICENSE NOTICE pyproject.toml ./
COPY deploy/slack-manifest.json deploy/
COPY prompts prompts
COPY wording wording
COPY handbook handbook
COPY playground playground
COPY knowledge knowledge
COPY evals evals
COPY bot bot
COPY deploy/ibid /venv/bin/
# Everybody may read it, whatever the checkout's umask was, and nobody but root may change it.
RUN python -m compileall -q bot knowledge evals playground \
 && chmod -R u=rwX,go=rX /ibid \
 && chmod 0755 /venv/bin/ibid

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Ibid" \
      org.opencontainers.image.description="The policy assistant for Slack that cites the passage that proves each sentence." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 ibid \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ibid \
 && install -d -o 10001 -g 10001 -m 0700 /data \
 && install -d -m 0755 /documents
COPY --from=build /venv /venv
COPY --from=build /ibid /ibid
WORKDIR /ibid
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/ibid \
    PYTHONUNBUFFERED=1 \
    IBID_DATA_DIR=/data \
    IBID_DOCUMENTS=/documents \
    IBID_LISTEN=0.0.0.0:3000
# By number: Kubernetes cannot tell that a name is not root's.
USER 10001:10001
VOLUME /data
EXPOSE 3000
# Not with urllib.request, which would ask a proxy of the environment for this container's own address.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-I", "-S", "-c", "\
import os, http.client; \
door = http.client.HTTPConnection('127.0.0.1', int(os.environ['IBID_LISTEN'].rpartition(':')[2]), timeout=4); \
door.request('GET', '/healthz'); \
raise SystemExit(door.getresponse().status != 200)"]
ENTRYPOINT ["ibid"]
CMD ["serve"]
