"""Every paper and table that the office hands out."""
