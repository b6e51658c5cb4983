-- One row per regeling, provision, person and month-end: who is active on that day, and where, for analysts. Who counts
-- there as a client is where `telt`.
-- All have the same columns, those of the contract.
{{ config(materialized='view') }}
{% for regeling in regelingen_in('actief') %}
    select
        '{{ regeling }}' as regeling,
        *  -- noqa: AM04
    from {{ ref('actief_' ~ regeling) }}
    where actief
    {% if not loop.last %}union all{% endif %}
{% endfor %}
