FROM node:18-slim
WORKDIR /web
COPY web/ ./
RUN npm install && npm run build
ARG API_TOKEN
ENV API_TOKEN=${API_TOKEN}
EXPOSE 3000
CMD ["npm", "start"]
