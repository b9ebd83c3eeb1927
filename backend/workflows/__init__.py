"""What the product does over time: uploads, verification, review, payout, and the worker behind them."""
