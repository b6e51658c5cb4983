"""How a source that is asked for its data is asked: one module per way. What it answers is read as any delivery."""
