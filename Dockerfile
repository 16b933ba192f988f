# The notebooks in JupyterLab, set up by the README's own command: docker build -t nbmodel . && docker run --rm -p 8888:8888 nbmodel
FROM python:3.12-slim
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home reader
USER reader
COPY --chown=reader . /home/reader/nbmodel
WORKDIR /home/reader/nbmodel
RUN make setup
EXPOSE 8888
CMD [".venv/bin/nbmodel", "lab", "--ip=0.0.0.0", "--no-browser"]
