"""The published weights of the service quality index 服务质量指数."""
