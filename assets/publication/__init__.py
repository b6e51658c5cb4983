"""From exact figures to an edition: protect, release, publish. What a figure means is in dbt_project, not here."""
