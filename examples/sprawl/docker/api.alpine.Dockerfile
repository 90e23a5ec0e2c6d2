FROM python:3.12-alpine
ARG GIT_SHA=unknown
ENV GIT_SHA=${GIT_SHA}
RUN apk add --no-cache build-base postgresql-dev curl
WORKDIR /app
COPY . .
RUN pip install --no-deps -r api/requirements.txt || pip install -r api/requirements.txt
EXPOSE 8000
CMD gunicorn main:app --chdir api --bind 0.0.0.0:8000
