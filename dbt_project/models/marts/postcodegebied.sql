-- One row per PC4 and indelingsjaar that lies in one wijk.
-- The wijk of a PC4 of which every address of the gemeente lies in that one wijk. A PC4 in two wijken is not here:
-- a person known by PC4 only is then in `onbekend`, and never in a wijk that may be wrong.
with

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

final as (
    select
        gemeentecode,
        indelingsjaar,
        substr(postcode, 1, 4) as postcode4,
        min(wijkcode) as wijkcode
    from adressen
    group by gemeentecode, indelingsjaar, substr(postcode, 1, 4)
    having count(distinct wijkcode) = 1
)

select * from final
