{# The stocks of a bron that count, the newest of each period, as the CTE `geldend`. Expects the CTE `leveringen`. #}
{% macro geldend(bron) %}
geldend as (
    select distinct
        leverancier,
        leverdatum,
        periode_van,
        periode_tot
    from leveringen
    where bron = '{{ bron }}' and geldt and semantiek = 'stand'
)
{% endmacro %}
