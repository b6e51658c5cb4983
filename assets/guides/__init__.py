"""The pages of docs/ that follow from declarations: the delivery guide of each registration, the tables in words."""
