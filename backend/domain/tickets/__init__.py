"""Service tickets 服务工单: a bad rating, whose it is to answer, by when, and how it ended. Pure."""
