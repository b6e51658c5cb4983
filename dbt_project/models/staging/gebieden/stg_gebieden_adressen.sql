-- One row per address and year.
-- Postcode and house number to buurt and wijk, per year; the newest delivery of a year counts.
with

adressen as (
    select * from {{ source('bron', 'gebieden_adressen') }}
),

genummerd as (
    select
        *,
        max(leverdatum) over (partition by gemeentecode, indelingsjaar) as nieuwste
    from adressen
),

final as (
    select
        cast(indelingsjaar as integer) as indelingsjaar,
        gemeentecode,
        wijkcode,
        buurtcode,
        postcode,
        huisnummer
    from genummerd
    where leverdatum = nieuwste
)

select * from final
