{# Ages, months and school years, in SQL that every engine reads; what engines write differently is in dispatch/. #}

{# Age in whole years at the end of a day: a birthday on the day counts, 29 February falls on 1 March in other years. #}
{% macro age_years(born, day) -%}
    (
        year({{ day }}) - year({{ born }})
        - case when month({{ day }}) * 100 + day({{ day }}) < month({{ born }}) * 100 + day({{ born }}) then 1 else 0 end
    )
{%- endmacro %}

{# Whole months between two dates. #}
{% macro whole_months(first, last) -%}
    (
        (year({{ last }}) - year({{ first }})) * 12 + month({{ last }}) - month({{ first }})
        - case when day({{ last }}) < day({{ first }}) then 1 else 0 end
    )
{%- endmacro %}

{# The year in which the school year of a day began, on the first of `first_month`. The reports of DUO on vsv run from
1 October, the school year of the Leerplichtwet from 1 August. #}
{% macro school_year(day, first_month) -%}
    (year({{ day }}) - case when month({{ day }}) < {{ first_month }} then 1 else 0 end)
{%- endmacro %}

{# Whether a row with geldig_van and geldig_tot holds on a day; empty: from ever, for ever. #}
{% macro geldig_op(rijen, dag) -%}
    {{ dag }} between coalesce({{ rijen }}.geldig_van, {{ dag }}) and coalesce({{ rijen }}.geldig_tot, {{ dag }})
{%- endmacro %}

{# Whether two rows with geldig_van and geldig_tot have a day in common. #}
{% macro geldig_samen(een, ander) -%}
    (
        coalesce({{ een }}.geldig_van, cast('0001-01-01' as date)) <= coalesce({{ ander }}.geldig_tot, cast('9999-12-31' as date))
        and coalesce({{ ander }}.geldig_van, cast('0001-01-01' as date)) <= coalesce({{ een }}.geldig_tot, cast('9999-12-31' as date))
    )
{%- endmacro %}
