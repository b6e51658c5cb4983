-- One row per provision, person and stretch of days that it ran: of all regelingen of persons together, for analysts.
-- All have the same columns, those of the contract.
{{ config(materialized='view') }}
{% for regeling in regelingen_in('voorziening') %}
    select *  -- noqa: AM04
    from {{ ref('voorziening_' ~ regeling) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
