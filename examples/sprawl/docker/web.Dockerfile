FROM node:20-slim AS deps
WORKDIR /web
COPY web/package*.json ./
RUN npm ci --only=production

FROM node:20-slim AS build
WORKDIR /web
COPY --from=deps /web/node_modules ./node_modules
COPY web/ ./
RUN npm run build

FROM node:20-slim AS preview
WORKDIR /web
COPY --from=build /web ./
CMD ["npm", "run", "dev"]

FROM node:20-slim
WORKDIR /web
ENV NODE_ENV=production
COPY --from=build /web ./
COPY web/public ./public
EXPOSE 3000
CMD ["npm", "start"]
