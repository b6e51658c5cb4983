-- One row per regeling and cell of its grid: the exact figures of all regelingen together, for analysts.
-- All have the same columns, those of the contract.
{{ config(materialized='view') }}
{% for regeling in var('regelingen') %}
    select
        '{{ regeling }}' as regeling,
        *  -- noqa: AM04
    from {{ ref('wijkcijfers_' ~ regeling) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
