-- One row per area and year.
-- Boundaries per year as GeoJSON geometry; the newest delivery of an area counts.
with

kaart as (
    select * from {{ source('bron', 'gebieden_kaart') }}
),

genummerd as (
    select
        *,
        max(leverdatum) over (partition by code, indelingsjaar) as nieuwste
    from kaart
),

final as (
    select
        cast(indelingsjaar as integer) as indelingsjaar,
        gemeentecode,
        code,
        geometrie
    from genummerd
    where leverdatum = nieuwste
)

select * from final
