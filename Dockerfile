# The program as an image: built from this folder, run as a user without rights. docs/cluster.md says how it is used.
FROM mcr.microsoft.com/dotnet/sdk:10.0.100-noble AS build
WORKDIR /src
COPY . .
RUN dotnet publish src/Sigmatiq.App -c Release -r linux-x64 --self-contained -p:RestoreLockedMode=false -o /app \
 && cp -r packs workflows /app/

# Debian, since its XGBoost is the one that the tests compare with.
FROM debian:13.1-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl fonts-dejavu-core librsvg2-bin libsqlite3-0 libssl3t64 libxgboost0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin sigmatiq \
 && install -d -m 700 -o sigmatiq -g sigmatiq /data /keys
COPY --from=build /app /app
USER 10001:10001
ENV DOTNET_EnableDiagnostics=0
ENTRYPOINT ["/app/sigmatiq"]
