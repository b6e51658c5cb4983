"""From exact figures to an edition: protect, judge, publish. What a figure means is in dbt_project, not here."""
