-- One row per wijk and indelingsjaar that has a PC4 of its own.
-- The wijken that have a PC4 of their own; `heel`: every address in the wijk has one, so PC4 tells all of the wijk.
with

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

postcodegebieden as (
    select * from {{ ref('postcodegebied') }}
),

final as (
    select
        adressen.gemeentecode,
        adressen.indelingsjaar,
        adressen.wijkcode,
        count(*) = count(postcodegebieden.wijkcode) as heel
    from adressen
    left join postcodegebieden
        on
            adressen.gemeentecode = postcodegebieden.gemeentecode
            and adressen.indelingsjaar = postcodegebieden.indelingsjaar
            and substr(adressen.postcode, 1, 4) = postcodegebieden.postcode4
    group by adressen.gemeentecode, adressen.indelingsjaar, adressen.wijkcode
    having count(postcodegebieden.wijkcode) > 0
)

select * from final
