"""Rules that judge: pure functions from facts to Pass, Refer or Unknown. None of them refuses."""
