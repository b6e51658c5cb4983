{# The stocks of a bron that count, the newest of each period, as the CTE `geldend`. #}
{% macro geldend(bron) %}
geldend as (
    select distinct
        leverancier,
        leverdatum,
        periode_van,
        periode_tot
    from {{ ref('stg_leveringen') }}
    where bron = '{{ bron }}' and geldt and semantiek = 'stand'
)
{% endmacro %}
