# The program; the role is the command: `docker run … saas-export:0.1.0 worker`.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY scripts scripts
COPY src src
RUN npm run build
# Stays behind: what only the build needs, and Temporal's native libraries for other platforms.
RUN npm prune --omit=dev --no-save \
    && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
      ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM node:20-bookworm-slim
# Temporal's native library takes the system's certificates, and the slim image has none.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/bin bin
USER node
# The flag of bin/saas-export.mjs has an effect only where the process starts.
ENTRYPOINT ["node", "--max-semi-space-size=8", "bin/saas-export.mjs"]
CMD ["--help"]
