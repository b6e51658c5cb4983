"""The gate before publication: what the written Parquet of an edition must hold, whoever made it."""
