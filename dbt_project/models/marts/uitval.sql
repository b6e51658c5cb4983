-- One row per row of a delivery and rule that it breaks, of what shows only when all deliveries are seen together: of
-- all registrations, for analysts. What breaks the contract by itself is in the kluis under `uitval`.
-- All have the same columns, those of the contract.
{{ config(materialized='view') }}
{% for bron in ['wmo', 'jeugdzorg', 'doorbraakproject'] %}
    select
        '{{ bron }}' as bron,
        *  -- noqa: AM04
    from {{ ref('uitval_' ~ bron) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
