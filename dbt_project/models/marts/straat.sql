-- One row per street and indelingsjaar.
-- The streets of every buurt and year: street names in order, joined until at least 50 residents live there (design.md
-- section 7), as on the first month of the monitor that has the areas of that year. They stay as first published:
-- what lies between an old and a new border would be a small new area.
{% set genoeg = 50 %}
{{ with_recursive() }}

bewoning as (
    select * from {{ ref('bewoning') }}
),

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

gebieden as (
    select * from {{ ref('gebied') }}
),

vastgelegd as (
    select * from {{ source('bron', 'straten') }}
),

vaste_jaren as (
    select distinct
        gemeentecode,
        indelingsjaar
    from vastgelegd
),

jaren as (
    select
        peilmaanden.gemeentecode,
        peilmaanden.indelingsjaar,
        min(peilmaanden.peildatum) as peildatum
    from peilmaanden
    left join vaste_jaren
        on
            peilmaanden.gemeentecode = vaste_jaren.gemeentecode
            and peilmaanden.indelingsjaar = vaste_jaren.indelingsjaar
    where vaste_jaren.indelingsjaar is null
    group by peilmaanden.gemeentecode, peilmaanden.indelingsjaar
),

inwoners as (
    select
        jaren.gemeentecode,
        jaren.indelingsjaar,
        adressen.buurtcode,
        bewoning.straatnaam,
        cast(count(*) as bigint) as inwoners
    from bewoning
    inner join jaren
        on
            bewoning.gemeentecode = jaren.gemeentecode
            and bewoning.van <= jaren.peildatum
            and (bewoning.tot is null or bewoning.tot > jaren.peildatum)
            and (bewoning.overlijden is null or bewoning.overlijden > jaren.peildatum)
    inner join adressen
        on
            bewoning.gemeentecode = adressen.gemeentecode
            and bewoning.postcode = adressen.postcode
            and bewoning.huisnummer = adressen.huisnummer
            and jaren.indelingsjaar = adressen.indelingsjaar
    where bewoning.straatnaam is not null
    group by jaren.gemeentecode, jaren.indelingsjaar, adressen.buurtcode, bewoning.straatnaam
),

genummerd as (
    select
        *,
        cast(
            row_number() over (partition by gemeentecode, indelingsjaar, buurtcode order by straatnaam) as bigint
        ) as volgorde
    from inwoners
),

gegroepeerd as (
    select
        gemeentecode,
        indelingsjaar,
        buurtcode,
        straatnaam,
        volgorde,
        inwoners as samen,
        cast(1 as bigint) as nummer
    from genummerd
    where volgorde = 1
    union all
    select
        volgende.gemeentecode,
        volgende.indelingsjaar,
        volgende.buurtcode,
        volgende.straatnaam,
        volgende.volgorde,
        volgende.inwoners + case when vorige.samen < {{ genoeg }} then vorige.samen else 0 end as samen,
        vorige.nummer + case when vorige.samen < {{ genoeg }} then 0 else 1 end as nummer
    from gegroepeerd as vorige
    inner join genummerd as volgende
        on
            vorige.gemeentecode = volgende.gemeentecode
            and vorige.indelingsjaar = volgende.indelingsjaar
            and vorige.buurtcode = volgende.buurtcode
            and vorige.volgorde + 1 = volgende.volgorde
),

groepen as (
    select
        gemeentecode,
        indelingsjaar,
        buurtcode,
        nummer,
        min(straatnaam) as eerste,
        max(straatnaam) as laatste,
        -- A rest at the end that is too small joins the street before it.
        max(samen) < {{ genoeg }} and nummer > 1 as is_rest
    from gegroepeerd
    group by gemeentecode, indelingsjaar, buurtcode, nummer
),

samengevoegd as (
    select
        gemeentecode,
        indelingsjaar,
        buurtcode,
        nummer - case when is_rest then 1 else 0 end as nummer,
        min(eerste) as eerste,
        max(laatste) as laatste
    from groepen
    group by gemeentecode, indelingsjaar, buurtcode, nummer - case when is_rest then 1 else 0 end
),

straten as (
    select
        gemeentecode,
        concat('ST', substr(buurtcode, 3), '-', cast(nummer as {{ dbt.type_string() }})) as gebiedscode,
        case when eerste = laatste then eerste else concat(eerste, ' t/m ', laatste) end as gebiedsnaam,
        indelingsjaar,
        buurtcode as ouder_code
    from samengevoegd
    union all
    select
        gemeentecode,
        gebiedscode,
        gebiedsnaam,
        indelingsjaar,
        ouder_code
    from vastgelegd
    where gebiedscode not like '%onbekend'
),

final as (
    select
        gemeentecode,
        'straat' as gebiedsniveau,
        gebiedscode,
        gebiedsnaam,
        indelingsjaar,
        ouder_code,
        split_part(gebiedsnaam, ' t/m ', 1) as eerste_naam
    from straten
    union all
    -- Persons who count in a buurt without a street there: a delivery placed them, or nothing did.
    select
        gemeentecode,
        'straat' as gebiedsniveau,
        case
            when gebiedscode like '%onbekend' then concat('ST', substr(gebiedscode, 3))
            else concat('ST', substr(gebiedscode, 3), '-onbekend')
        end as gebiedscode,
        'Onbekend' as gebiedsnaam,
        indelingsjaar,
        gebiedscode as ouder_code,
        cast(null as {{ dbt.type_string() }}) as eerste_naam
    from gebieden
    where gebiedsniveau = 'buurt'
)

select * from final
