# Ibid in a container. Build: docker build -t ibid .   Run: docker run --env-file .env -v ibid:/data -v ./policies:/documents:ro ibid
FROM python:3.13-slim AS packages
COPY requirements.lock .
# pip compiles the bytecode here, once; without it every start takes twice as long.
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 ibid && install -d -o ibid -m 0700 /data && install -d /documents
COPY --from=packages /venv /venv
WORKDIR /ibid
COPY LICENSE NOTICE ./
COPY prompts prompts
COPY wording wording
COPY handbook handbook
COPY deploy deploy
COPY playground playground
COPY knowledge knowledge
COPY evals evals
COPY bot bot
RUN /venv/bin/python -m compileall -q bot knowledge evals playground
ENV PATH=/venv/bin:$PATH PYTHONPATH=/ibid PYTHONUNBUFFERED=1 IBID_DATA_DIR=/data IBID_DOCUMENTS=/documents
USER ibid
VOLUME /data
ENTRYPOINT ["python", "-P", "-m", "bot"]
CMD ["serve"]
