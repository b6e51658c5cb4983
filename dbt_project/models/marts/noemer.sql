-- The denominators of every rate: residents and households on each month-end, per area, from the BRP.
-- Only month-ends before the newest BRP delivery; a later one has no denominator.
with

bewoning as (
    select * from {{ ref('bewoning') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

aow as (
    select * from {{ ref('aow_leeftijd') }}
),

brp as (
    select
        gemeentecode,
        max(leverdatum) as leverdatum
    from {{ ref('stg_leveringen') }}
    where bron = 'brp' and geldt
    group by gemeentecode
),

maanden as (
    select
        peilmaanden.gemeentecode,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar,
        aow.jaren as aow_jaren,
        aow.maanden as aow_maanden
    from peilmaanden
    inner join brp on peilmaanden.gemeentecode = brp.gemeentecode and peilmaanden.peildatum < brp.leverdatum
    left join aow on peilmaanden.peildatum >= aow.geldig_van and peilmaanden.peildatum <= aow.geldig_tot
),

inwoners as (
    select
        maanden.gemeentecode,
        maanden.peildatum,
        maanden.indelingsjaar,
        bewoning.persoon,
        bewoning.huishouden,
        bewoning.postcode,
        bewoning.huisnummer,
        {{ age_years('bewoning.geboortedatum', 'maanden.peildatum') }} as leeftijd,
        {{ add_months('bewoning.geboortedatum', 'maanden.aow_jaren * 12 + maanden.aow_maanden') }}
        > maanden.peildatum as voor_aow
    from bewoning
    inner join maanden
        on
            bewoning.gemeentecode = maanden.gemeentecode
            and bewoning.van <= maanden.peildatum
            and (bewoning.tot is null or bewoning.tot > maanden.peildatum)
            and (bewoning.overlijden is null or bewoning.overlijden > maanden.peildatum)
),

geplaatst as (
    select
        inwoners.*,
        {{ leeftijdsgroep('inwoners.leeftijd') }} as leeftijdsgroep,
        coalesce(adressen.wijkcode, concat('WK', substr(inwoners.gemeentecode, 3), 'onbekend')) as wijkcode,
        coalesce(adressen.buurtcode, concat('BU', substr(inwoners.gemeentecode, 3), 'onbekend')) as buurtcode
    from inwoners
    left join adressen
        on
            inwoners.gemeentecode = adressen.gemeentecode
            and inwoners.indelingsjaar = adressen.indelingsjaar
            and inwoners.postcode = adressen.postcode
            and inwoners.huisnummer = adressen.huisnummer
),

-- Everything by buurt first: small from here on.
per_buurt as (
    select
        gemeentecode,
        peildatum,
        wijkcode,
        buurtcode,
        leeftijdsgroep,
        count(*) as inwoners,
        sum(case when leeftijd >= 15 and voor_aow then 1 else 0 end) as inwoners_15_aow,
        sum(case when leeftijd <= 22 then 1 else 0 end) as inwoners_0_22
    from geplaatst
    group by gemeentecode, peildatum, wijkcode, buurtcode, leeftijdsgroep
),

-- A household has one address, so it lies in one buurt.
huishoudens_per_buurt as (
    select
        gemeentecode,
        peildatum,
        wijkcode,
        buurtcode,
        count(distinct huishouden) as huishoudens
    from geplaatst
    group by gemeentecode, peildatum, wijkcode, buurtcode
),

noemers as (
    select gemeentecode, peildatum, wijkcode, buurtcode, leeftijdsgroep, 'inwoners' as noemer, inwoners as aantal
    from per_buurt
    union all
    select gemeentecode, peildatum, wijkcode, buurtcode, 'totaal' as leeftijdsgroep, 'inwoners' as noemer, inwoners as aantal
    from per_buurt
    union all
    select gemeentecode, peildatum, wijkcode, buurtcode, 'totaal' as leeftijdsgroep, 'inwoners_15_aow' as noemer, inwoners_15_aow as aantal
    from per_buurt
    union all
    select gemeentecode, peildatum, wijkcode, buurtcode, 'totaal' as leeftijdsgroep, 'inwoners_0_22' as noemer, inwoners_0_22 as aantal
    from per_buurt
    union all
    select gemeentecode, peildatum, wijkcode, buurtcode, 'totaal' as leeftijdsgroep, 'huishoudens' as noemer, huishoudens as aantal
    from huishoudens_per_buurt
),

per_niveau as (
    select 'gemeente' as gebiedsniveau, gemeentecode as gebiedscode, * from noemers
    union all
    select 'wijk' as gebiedsniveau, wijkcode as gebiedscode, * from noemers
    union all
    select 'buurt' as gebiedsniveau, buurtcode as gebiedscode, * from noemers
),

final as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        noemer,
        cast(sum(aantal) as bigint) as aantal
    from per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep, noemer
)

select * from final
