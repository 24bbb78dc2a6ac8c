# One image for the web server and for the scheduler; compose.yaml shows both beside PostgreSQL.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/huhang --shell /usr/sbin/nologin huhang \
    && install -d -o huhang -g huhang /srv/huhang /var/lib/huhang

WORKDIR /srv/huhang
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

COPY run.py config.py .flaskenv LICENSE THIRD_PARTY.md ./
COPY caseapp caseapp
COPY workflows workflows
COPY templates templates
COPY migrations migrations

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CASEAPP_VAR=/var/lib/huhang
USER huhang
VOLUME /var/lib/huhang
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

# No demonstration data here: an office starts empty. Migrations run before the workers start.
CMD ["sh", "-c", "flask database prepare && exec gunicorn run:app --bind 0.0.0.0:8000 --worker-class gthread --workers 2 --threads 8 --max-requests 5000 --max-requests-jitter 500 --worker-tmp-dir /dev/shm --no-control-socket --access-logfile -"]
