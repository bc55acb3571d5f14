# GanLab in a container:  docker build -t ganlab .  then  docker run -p 8501:8501 -v ganlab:/data ganlab
FROM python:3.11-slim

RUN useradd --create-home --uid 10001 ganlab && install -d -o ganlab /data
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE app.py ./
COPY .streamlit .streamlit
COPY assets assets
COPY benchmarks/results/cures.json benchmarks/results/cures.json
COPY ganlab ganlab
COPY pages pages
# The index has PyTorch without CUDA, which is a tenth of the size; the version is that of constraints.txt.
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu -c constraints.txt . && rm -r /src

USER ganlab
WORKDIR /home/ganlab
ENV GANLAB_RUNS=/data/runs
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["ganlab", "--host", "0.0.0.0", "--port", "8501", "--no-browser"]
