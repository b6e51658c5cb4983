-- One row per street name, buurt and indelingsjaar.
-- The street (model straat) of every street name in the BRP, per buurt and year. A name that was not there when the
-- streets were made belongs to the last one that begins before it.
with

bewoning as (
    select * from {{ ref('bewoning') }}
),

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

straten as (
    select * from {{ ref('straat') }}
    where eerste_naam is not null
),

adressen_in_brp as (
    select distinct
        gemeentecode,
        postcode,
        huisnummer,
        straatnaam
    from bewoning
    where straatnaam is not null
),

namen as (
    select distinct
        adressen.gemeentecode,
        adressen.indelingsjaar,
        adressen.buurtcode,
        adressen_in_brp.straatnaam
    from adressen_in_brp
    inner join adressen
        on
            adressen_in_brp.gemeentecode = adressen.gemeentecode
            and adressen_in_brp.postcode = adressen.postcode
            and adressen_in_brp.huisnummer = adressen.huisnummer
),

genummerd as (
    select
        namen.*,
        straten.gebiedscode as straatcode,
        row_number() over (
            partition by namen.gemeentecode, namen.indelingsjaar, namen.buurtcode, namen.straatnaam
            order by
                case when straten.eerste_naam <= namen.straatnaam then 0 else 1 end,
                case when straten.eerste_naam <= namen.straatnaam then straten.eerste_naam end desc,
                straten.eerste_naam
        ) as volgorde
    from namen
    inner join straten
        on
            namen.gemeentecode = straten.gemeentecode
            and namen.indelingsjaar = straten.indelingsjaar
            and namen.buurtcode = straten.ouder_code
),

final as (
    select
        gemeentecode,
        indelingsjaar,
        buurtcode,
        straatnaam,
        straatcode
    from genummerd
    where volgorde = 1
)

select * from final
