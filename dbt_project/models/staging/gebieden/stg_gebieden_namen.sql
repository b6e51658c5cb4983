-- One row per area and year.
-- Names of gemeenten, wijken and buurten per year; the newest delivery of a year counts.
with

namen as (
    select * from {{ source('bron', 'gebieden_namen') }}
),

genummerd as (
    select
        *,
        max(leverdatum) over (partition by gemeentecode, indelingsjaar, soort) as nieuwste
    from namen
),

final as (
    select
        cast(indelingsjaar as integer) as indelingsjaar,
        gemeentecode,
        soort,
        code,
        naam
    from genummerd
    where leverdatum = nieuwste
)

select * from final
