-- One row per area (streets too) and month-end: whether figures over the regelingen that count together there are
-- known. A month is covered when each of those regelingen is.
with

sets as (
    select
        gemeentecode,
        peildatum,
        min(case when gedekt then 1 else 0 end) = 1 as gedekt
    from {{ ref('unie') }}
    group by gemeentecode, peildatum
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

gebieden as (
    select * from {{ ref('gebied') }}
),

straten as (
    select * from {{ ref('straat') }}
),

gebieden_en_straten as (
    select
        gemeentecode,
        indelingsjaar,
        gebiedsniveau,
        gebiedscode,
        gebiedsnaam
    from gebieden
    union all
    select
        gemeentecode,
        indelingsjaar,
        gebiedsniveau,
        gebiedscode,
        gebiedsnaam
    from straten
),

final as (
    select
        peilmaanden.gemeentecode,
        gebieden_en_straten.gebiedsniveau,
        gebieden_en_straten.gebiedscode,
        gebieden_en_straten.gebiedsnaam,
        peilmaanden.indelingsjaar,
        peilmaanden.peildatum,
        -- Where nothing that counts together was delivered yet there is no set.
        case when sets.gedekt then 'geleverd' else 'niet_geleverd' end as status
    from peilmaanden
    inner join gebieden_en_straten
        on
            peilmaanden.gemeentecode = gebieden_en_straten.gemeentecode
            and peilmaanden.indelingsjaar = gebieden_en_straten.indelingsjaar
    left join sets on peilmaanden.gemeentecode = sets.gemeentecode and peilmaanden.peildatum = sets.peildatum
)

select * from final
