# The fake as a container: every flag of `sidetone start` is an environment variable, SIDETONE_<FLAG>.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm pack --ignore-scripts --silent && mv sidetone-*.tgz /sidetone.tgz

FROM node:24-slim
ENV NODE_ENV=production
COPY --from=build /sidetone.tgz /tmp/sidetone.tgz
RUN npm install --global --omit=dev --no-audit --no-fund /tmp/sidetone.tgz && rm /tmp/sidetone.tgz
# Inside a container loopback is nobody's but its own. The control API then wants SIDETONE_ADMIN_TOKEN, or prints one.
ENV SIDETONE_HOST=0.0.0.0 SIDETONE_PORT=4010
EXPOSE 4010
USER node
WORKDIR /home/node
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s --retries=3 CMD ["sidetone", "healthcheck"]
ENTRYPOINT ["sidetone"]
CMD ["start"]
