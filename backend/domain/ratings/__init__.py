"""What a farmer says of how a claim was handled 评价: a score a stage, and whether they would recommend it. Pure."""
