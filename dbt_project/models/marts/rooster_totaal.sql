-- One row per area (streets too), month-end, age group and indicator of the regelingen that count together: whether
-- there is a figure. A month is covered when each of those regelingen is.
with

sets as (
    select
        gemeentecode,
        peildatum,
        min(case when gedekt then 1 else 0 end) = 1 as gedekt
    from {{ ref('unie') }}
    group by gemeentecode, peildatum
),

indicatoren as (
    select * from {{ ref('indicatoren') }}
),

verhoudingen as (
    select * from {{ ref('verhouding') }}
    where regeling = 'unie'
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
        'totaal' as regeling,
        peilmaanden.gemeentecode,
        gebieden_en_straten.gebiedsniveau,
        gebieden_en_straten.gebiedscode,
        gebieden_en_straten.gebiedsnaam,
        peilmaanden.indelingsjaar,
        peilmaanden.peildatum,
        leeftijdsgroepen.leeftijdsgroep,
        indicatoren.indicator,
        indicatoren.soort,
        indicatoren.eenheid,
        -- Where nothing that counts together was delivered yet there is no set.
        case when sets.gedekt then 'geleverd' else 'niet_geleverd' end as status,
        verhoudingen.noemer
    from peilmaanden
    inner join gebieden_en_straten
        on
            peilmaanden.gemeentecode = gebieden_en_straten.gemeentecode
            and peilmaanden.indelingsjaar = gebieden_en_straten.indelingsjaar
    cross join verhoudingen
    inner join indicatoren on verhoudingen.indicator = indicatoren.indicator
    inner join {{ leeftijdsgroepen() }}
        on leeftijdsgroepen.leeftijdsgroep = 'totaal' or indicatoren.per_leeftijd = 'ja'
    left join sets on peilmaanden.gemeentecode = sets.gemeentecode and peilmaanden.peildatum = sets.peildatum
    where
        gebieden_en_straten.gebiedsniveau <> 'straat'
        or (leeftijdsgroepen.leeftijdsgroep = 'totaal' and indicatoren.indicator = 'clienten')
)

select * from final
