"""The service quality index 服务质量指数 as arithmetic: from raw figures to points, and from an export's rows. Pure."""
