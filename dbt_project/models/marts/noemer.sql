-- The denominators of every rate: residents and households on each month-end, per area, from the BRP; of a straat
-- residents only.
-- Only month-ends before the newest BRP delivery; a later one has no denominator.
{% set per_leeftijd = [
    'inwoners_15_aow', 'inwoners_15_plus', 'inwoners_0_22', 'inwoners_5_17', 'inwoners_2_3', 'inwoners_4_17'
] %}

with

personen as (
    select * from {{ ref('personen') }}
    where toestand = 'woont'
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

straatnamen as (
    select * from {{ ref('straatnaam') }}
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
        peilmaanden.indelingsjaar
    from peilmaanden
    inner join brp on peilmaanden.gemeentecode = brp.gemeentecode and peilmaanden.peildatum < brp.leverdatum
),

-- The first day that someone is as old as the AOW age of that day: who has AOW keeps it when the age rises.
aow_dagen as (
    select
        geboortedagen.geboortedatum,
        min(
            greatest(
                {{ add_months('geboortedagen.geboortedatum', 'aow.jaren * 12 + aow.maanden') }}, aow.geldig_van
            )
        ) as aow_dag
    from (select distinct geboortedatum from personen) as geboortedagen
    inner join aow
        on {{ add_months('geboortedagen.geboortedatum', 'aow.jaren * 12 + aow.maanden') }} <= aow.geldig_tot
    group by geboortedagen.geboortedatum
),

inwoners as (
    select
        maanden.gemeentecode,
        maanden.peildatum,
        maanden.indelingsjaar,
        personen.huishouden,
        personen.straatnaam,
        personen.wijkcode,
        personen.buurtcode,
        {{ age_years('personen.geboortedatum', 'maanden.peildatum') }} as leeftijd,
        aow_dagen.aow_dag is null or aow_dagen.aow_dag > maanden.peildatum as voor_aow
    from personen
    inner join maanden
        on
            personen.gemeentecode = maanden.gemeentecode
            and personen.indelingsjaar = maanden.indelingsjaar
            and personen.van <= maanden.peildatum
            and personen.tot > maanden.peildatum
    left join aow_dagen on personen.geboortedatum = aow_dagen.geboortedatum
),

geplaatst as (
    select
        *,
        {{ leeftijdsgroep('leeftijd') }} as leeftijdsgroep
    from inwoners
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
        sum(case when leeftijd >= 15 then 1 else 0 end) as inwoners_15_plus,
        sum(case when leeftijd <= 22 then 1 else 0 end) as inwoners_0_22,
        -- Leerplicht from 5, then kwalificatieplicht up to the 18th birthday (Leerplichtwet 1969).
        sum(case when leeftijd between 5 and 17 then 1 else 0 end) as inwoners_5_17,
        sum(case when leeftijd between 2 and 3 then 1 else 0 end) as inwoners_2_3,
        sum(case when leeftijd between 4 and 17 then 1 else 0 end) as inwoners_4_17
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
    select
        gemeentecode,
        peildatum,
        wijkcode,
        buurtcode,
        leeftijdsgroep,
        'inwoners' as noemer,
        inwoners as aantal
    from per_buurt
    union all
    select
        gemeentecode,
        peildatum,
        wijkcode,
        buurtcode,
        'totaal' as leeftijdsgroep,
        'inwoners' as noemer,
        inwoners as aantal
    from per_buurt
    union all
    {% for noemer in per_leeftijd %}
        select
            gemeentecode,
            peildatum,
            wijkcode,
            buurtcode,
            'totaal' as leeftijdsgroep,
            '{{ noemer }}' as noemer,
            {{ noemer }} as aantal
        from per_buurt
        union all
    {% endfor %}
    select
        gemeentecode,
        peildatum,
        wijkcode,
        buurtcode,
        'totaal' as leeftijdsgroep,
        'huishoudens' as noemer,
        huishoudens as aantal
    from huishoudens_per_buurt
),

per_niveau as (
    {{ per_niveau("noemers") }}
),

opgeteld as (
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
),

soorten as (
    {% for groep in ['totaal', '0-14', '15-24', '25-44', '45-64', '65+'] %}
        select
            '{{ groep }}' as leeftijdsgroep,
            'inwoners' as noemer
        union all
    {% endfor %}
    {% for noemer in per_leeftijd + ['huishoudens'] %}
        select
            'totaal' as leeftijdsgroep,
            '{{ noemer }}' as noemer
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

per_straat as (
    select
        geplaatst.gemeentecode,
        geplaatst.peildatum,
        straatnamen.straatcode,
        cast(count(*) as bigint) as inwoners
    from geplaatst
    inner join straatnamen
        on
            geplaatst.gemeentecode = straatnamen.gemeentecode
            and geplaatst.indelingsjaar = straatnamen.indelingsjaar
            and geplaatst.buurtcode = straatnamen.buurtcode
            and geplaatst.straatnaam = straatnamen.straatnaam
    group by geplaatst.gemeentecode, geplaatst.peildatum, straatnamen.straatcode
),

-- Nobody lives there is 0, not missing.
final as (
    select
        maanden.gemeentecode,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        maanden.peildatum,
        soorten.leeftijdsgroep,
        soorten.noemer,
        coalesce(opgeteld.aantal, 0) as aantal
    from maanden
    inner join gebieden
        on maanden.gemeentecode = gebieden.gemeentecode and maanden.indelingsjaar = gebieden.indelingsjaar
    cross join soorten
    left join opgeteld
        on
            maanden.gemeentecode = opgeteld.gemeentecode
            and gebieden.gebiedsniveau = opgeteld.gebiedsniveau
            and gebieden.gebiedscode = opgeteld.gebiedscode
            and maanden.peildatum = opgeteld.peildatum
            and soorten.leeftijdsgroep = opgeteld.leeftijdsgroep
            and soorten.noemer = opgeteld.noemer
    union all
    select
        maanden.gemeentecode,
        straten.gebiedsniveau,
        straten.gebiedscode,
        maanden.peildatum,
        'totaal' as leeftijdsgroep,
        'inwoners' as noemer,
        coalesce(per_straat.inwoners, 0) as aantal
    from maanden
    inner join straten
        on maanden.gemeentecode = straten.gemeentecode and maanden.indelingsjaar = straten.indelingsjaar
    left join per_straat
        on
            maanden.gemeentecode = per_straat.gemeentecode
            and maanden.peildatum = per_straat.peildatum
            and straten.gebiedscode = per_straat.straatcode
)

select * from final
