{# Benefit records of one table of BUS, of the deliveries that count: the newest of each statistic month. #}
{% macro stg_bus(table) %}
-- One row per benefit record and delivered month.
with

bus as (
    select * from {{ source('bron', table) }}
),

{{ geldend('bus') }},

final as (
    select
        bus.gemeentecode,
        bus.persoon,
        bus.registratienummer,
        bus.statistiekcode,
        bus.cluster as kostencluster,
        bus.leefvorm,
        bus.betaalbaar_bedrag,
        bus.aanvangsdatum,
        bus.einddatum,
        bus.reden_beeindiging,
        geldend.periode_van,
        geldend.periode_tot,
        bus.leverdatum
    from bus
    inner join geldend on bus.leverancier = geldend.leverancier and bus.leverdatum = geldend.leverdatum
)

select * from final
{% endmacro %}
