# Runs `subemo` as an ordinary user, without TensorFlow: docker run -v "$PWD:/films" subemo annotate film.mp4
FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends make fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home subemo
WORKDIR /opt/subemo
COPY --chown=subemo . .
USER subemo
# The same installation as `make demo`.
RUN make .venv/.core
WORKDIR /films
ENTRYPOINT ["/opt/subemo/.venv/bin/subemo"]
CMD ["--help"]
