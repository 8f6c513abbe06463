FROM python:3.13-slim-trixie AS base

# The environment is made here; compilers, caches, pip and the sources stay behind.
FROM base AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
RUN python3 -m venv --without-pip /opt/ldn-bot \
    && python3 -m venv /opt/build \
    && /opt/build/bin/pip --python /opt/ldn-bot/bin/python install --require-hashes -r requirements.txt \
    && /opt/build/bin/pip install --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE LICENSE-knowledge ./
COPY bot bot
COPY knowledge knowledge
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/build/bin/pip --python /opt/ldn-bot/bin/python install --no-deps --no-index /dist/*.whl

FROM base
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="LDN Evidence Bot" \
      org.opencontainers.image.description="Answers questions on low-dose naltrexone from a curated evidence base" \
      org.opencontainers.image.licenses="MIT AND CC-BY-4.0 AND Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN groupadd --gid 10001 ldn \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin ldn \
    && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=builder /opt/ldn-bot /opt/ldn-bot
ENV PATH=/opt/ldn-bot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LDN_DATA_DIR=/data \
    LDN_LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["ldn-bot", "health"]
ENTRYPOINT ["ldn-bot"]
CMD ["run"]
