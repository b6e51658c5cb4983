"""What the mart tells owners of their deliveries, once dbt has laid all of them side by side."""
