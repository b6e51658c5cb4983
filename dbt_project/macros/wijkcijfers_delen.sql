{# Parts of the macros wijkcijfers and wijkcijfers_*; each gives CTEs or an expression. #}

{# The indicators that the telwijze of the regeling has, and those that are of the regeling alone; expects the CTE regelingen. #}
{% macro indicatoren_van_telwijze() %}
indicatoren as (
    select indicatoren.*
    from {{ ref('indicatoren') }} as indicatoren
    inner join regelingen
        on concat(' ', indicatoren.telwijzen, ' ') like concat('% ', regelingen.telwijze, ' %')
    where coalesce(indicatoren.alleen_regeling, regelingen.regeling) = regelingen.regeling
)
{% endmacro %}

{# Each row three times: in its gemeente, its wijk and its buurt. #}
{% macro per_niveau(tabel) %}
    select *, 'gemeente' as gebiedsniveau, gemeentecode as gebiedscode from {{ tabel }}
    union all
    select *, 'wijk' as gebiedsniveau, wijkcode as gebiedscode from {{ tabel }}
    union all
    select *, 'buurt' as gebiedsniveau, buurtcode as gebiedscode from {{ tabel }}
{% endmacro %}

{# Median duration in whole months at quarter-ends, per gemeente and wijk: of what ended in the last twelve months,
and of what is running. Placed where the person lived when it ended (the day before, as many end by death). #}
{% macro duur(opgegeven=none) %}
voor_duur as (
    select
        voorzieningen.gemeentecode,
        voorzieningen.persoon,
        voorzieningen.voorziening_id,
        voorzieningen.begindatum,
        peilmaanden.peildatum,
        peilmaanden.indelingsjaar,
        voorzieningen.einddatum is not null and voorzieningen.einddatum <= peilmaanden.peildatum as beeindigd,
        case
            when voorzieningen.einddatum is null or voorzieningen.einddatum > peilmaanden.peildatum
                then peilmaanden.peildatum
            else greatest(voorzieningen.begindatum, {{ add_days('voorzieningen.einddatum', -1) }})
        end as datum,
        case
            when voorzieningen.einddatum is null or voorzieningen.einddatum > peilmaanden.peildatum
                then {{ whole_months('voorzieningen.begindatum', 'peilmaanden.peildatum') }}
            else {{ whole_months('voorzieningen.begindatum', 'voorzieningen.einddatum') }}
        end as maanden
    from voorzieningen
    inner join peilmaanden
        on
            voorzieningen.gemeentecode = peilmaanden.gemeentecode
            and peilmaanden.is_kwartaaleinde
            and voorzieningen.begindatum <= peilmaanden.peildatum
            and (
                voorzieningen.einddatum is null
                or voorzieningen.einddatum > {{ add_months('peilmaanden.peildatum', -12) }}
            )
    -- Of a registration with two routes one tells of a month, and of what ended in it.
    left join gedekt
        on
            voorzieningen.gemeentecode = gedekt.gemeentecode
            and gedekt.peildatum = case
                when voorzieningen.einddatum <= peilmaanden.peildatum then {{ month_end('voorzieningen.einddatum') }}
                else peilmaanden.peildatum
            end
    where
        voorzieningen.route is null
        or (
            voorzieningen.route = coalesce(gedekt.semantiek, voorzieningen.route)
            -- What another route took over has not ended.
            and (
                voorzieningen.einddatum > peilmaanden.peildatum
                or coalesce(voorzieningen.reden_einde, '') <> 'andere_route'
            )
        )
),

voor_duur_geplaatst as (
    select
        voor_duur.*,
        {{ waar('voor_duur', opgegeven) }}
    from voor_duur
    {{ plaats_op('voor_duur', 'voor_duur.datum', 'voor_duur.indelingsjaar', opgegeven) }}
),

duur_per_niveau as (
    {{ per_niveau('voor_duur_geplaatst') }}
),

duren as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        'totaal' as leeftijdsgroep,
        case when beeindigd then 'duur_mediaan_maanden' else 'duur_mediaan_maanden_lopend' end as indicator,
        cast(floor(median(maanden)) as bigint) as aantal
    from duur_per_niveau
    where toestand in ('woont', 'onbekend_in_brp') and gebiedsniveau <> 'buurt'
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, beeindigd
    having count(*) >= 30 and count(distinct persoon) >= 30
)
{% endmacro %}

{# All age groups, the total and `onbekend` among them, with the ages in years that they hold. #}
{% macro leeftijdsgroepen() %}
leeftijdsgroepen as (
    select 'totaal' as leeftijdsgroep, cast(null as integer) as van, cast(null as integer) as tot
    union all select '0-14', 0, 14
    union all select '15-24', 15, 24
    union all select '25-44', 25, 44
    union all select '45-64', 45, 64
    union all select '65+', 65, null
    union all select 'onbekend', null, null
)
{% endmacro %}

{# One row for every area, month, indicator and age group, whether there is anything to count or not.

A regeling that is not linked has no BRP: its persons or contacts lie in the wijk of their PC4. #}
{% macro rooster() %}
{% set op_postcode = "(regelingen.koppelbaar = 'nee' and regelingen.telwijze in ('periode', 'gebeurtenis'))" %}
{% set in_bekende_wijk = "(gebieden.gebiedsniveau = 'wijk' and gebieden.gebiedscode not like '%onbekend')" %}
{{ leeftijdsgroepen() }},

-- How many months of each half-year and year are covered.
perioden as (
    select
        perioden.gemeentecode,
        perioden.peildatum,
        perioden.indicator,
        perioden.maanden,
        perioden.voor_monitor,
        count(gedekt.peildatum) as gedekte_maanden
    from {{ ref('periode') }} as perioden
    left join gedekt
        on
            perioden.gemeentecode = gedekt.gemeentecode
            and gedekt.peildatum >= perioden.van
            and gedekt.peildatum <= perioden.peildatum
    group by
        perioden.gemeentecode,
        perioden.peildatum,
        perioden.indicator,
        perioden.maanden,
        perioden.voor_monitor
),

rooster as (
    select
        peilmaanden.gemeentecode,
        gebieden.gebiedsniveau,
        gebieden.gebiedscode,
        gebieden.gebiedsnaam,
        peilmaanden.indelingsjaar,
        peilmaanden.peildatum,
        leeftijdsgroepen.leeftijdsgroep,
        indicatoren.indicator,
        indicatoren.soort,
        indicatoren.eenheid,
        case
            -- Of a wijk that shares a PC4 with another not everyone is counted there: a rate would be too low.
            when {{ op_postcode }} and {{ in_bekende_wijk }} and coalesce(herkenbaar.heel, false) = false then null
            else verhoudingen.noemer
        end as soort_noemer,
        case
            when peilmaanden.peildatum < regelingen.geldig_van or peilmaanden.peildatum > regelingen.geldig_tot then 'nvt'
            when concat(' ', indicatoren.nvt_bij, ' ') like concat('% ', regelingen.telwijze, ' %') then 'nvt'
            when regelingen.eenheid <> 'personen' and indicatoren.eenheid = 'personen' then 'nvt'
            -- A law that is for nobody of that age has no zero there.
            when leeftijdsgroepen.van > regelingen.leeftijd_tot or leeftijdsgroepen.tot < regelingen.leeftijd_van then 'nvt'
            -- Age, household, death and moves are those of the BRP.
            when {{ op_postcode }} and (
                leeftijdsgroepen.leeftijdsgroep <> 'totaal'
                or indicatoren.eenheid = 'huishoudens'
                or indicatoren.soort in ('signaal', 'verhuizing')
            ) then 'nvt'
            -- Nobody can be placed in a wijk that has no PC4 of its own: 0 would be untrue.
            when {{ op_postcode }} and {{ in_bekende_wijk }} and herkenbaar.wijkcode is null then 'nvt'
            when vergelijkingen.voor_monitor or perioden.voor_monitor then 'nvt'
            when indicatoren.soort = 'verhuizing' and gebieden.gebiedsniveau = 'gemeente' then 'nvt'
            when nu.peildatum is null then 'niet_geleverd'
            when vergelijkingen.toen is not null and toen.peildatum is null then 'niet_geleverd'
            when perioden.gedekte_maanden < perioden.maanden then 'niet_geleverd'
            else 'geleverd'
        end as status
    from peilmaanden
    inner join gebieden
        on peilmaanden.gemeentecode = gebieden.gemeentecode and peilmaanden.indelingsjaar = gebieden.indelingsjaar
    cross join indicatoren
    cross join leeftijdsgroepen
    cross join regelingen
    left join {{ ref('verhouding') }} as verhoudingen
        on regelingen.regeling = verhoudingen.regeling and indicatoren.indicator = verhoudingen.indicator
    left join {{ ref('herkenbare_wijk') }} as herkenbaar
        on
            gebieden.gemeentecode = herkenbaar.gemeentecode
            and gebieden.indelingsjaar = herkenbaar.indelingsjaar
            and gebieden.gebiedscode = herkenbaar.wijkcode
    left join gedekt as nu
        on peilmaanden.gemeentecode = nu.gemeentecode and peilmaanden.peildatum = nu.peildatum
    left join {{ ref('vergelijking') }} as vergelijkingen
        on
            peilmaanden.gemeentecode = vergelijkingen.gemeentecode
            and peilmaanden.peildatum = vergelijkingen.peildatum
            and indicatoren.indicator = vergelijkingen.indicator
    left join gedekt as toen
        on vergelijkingen.gemeentecode = toen.gemeentecode and vergelijkingen.toen = toen.peildatum
    left join perioden
        on
            peilmaanden.gemeentecode = perioden.gemeentecode
            and peilmaanden.peildatum = perioden.peildatum
            and indicatoren.indicator = perioden.indicator
    where
        (leeftijdsgroepen.leeftijdsgroep = 'totaal' or indicatoren.per_leeftijd = 'ja')
        and month(peilmaanden.peildatum) % indicatoren.om_de_maanden = 0
        and (gebieden.gebiedsniveau = 'gemeente' or regelingen.laagste_niveau in (gebieden.gebiedsniveau, 'buurt'))
        and (gebieden.gebiedsniveau = 'gemeente' or indicatoren.laagste_niveau in (gebieden.gebiedsniveau, 'buurt'))
),

final as (
    select
        rooster.gemeentecode,
        rooster.gebiedsniveau,
        rooster.gebiedscode,
        rooster.gebiedsnaam,
        rooster.indelingsjaar,
        rooster.peildatum,
        rooster.leeftijdsgroep,
        rooster.indicator,
        rooster.eenheid,
        rooster.status,
        case
            when rooster.status <> 'geleverd' then null
            -- Too few for a median is no figure; a count of nothing is zero.
            when rooster.soort = 'duur' then tellingen.aantal
            else coalesce(tellingen.aantal, 0)
        end as aantal,
        case when rooster.gebiedscode not like '%onbekend' then noemers.aantal end as noemer,
        case when rooster.status = 'geleverd' then tellingen.huishoudens end as huishoudens,
        case when rooster.status = 'geleverd' then tellingen.grootste_adres end as grootste_adres
    from rooster
    left join tellingen
        on
            rooster.gemeentecode = tellingen.gemeentecode
            and rooster.gebiedsniveau = tellingen.gebiedsniveau
            and rooster.gebiedscode = tellingen.gebiedscode
            and rooster.peildatum = tellingen.peildatum
            and rooster.leeftijdsgroep = tellingen.leeftijdsgroep
            and rooster.indicator = tellingen.indicator
    left join noemers
        on
            rooster.gemeentecode = noemers.gemeentecode
            and rooster.gebiedsniveau = noemers.gebiedsniveau
            and rooster.gebiedscode = noemers.gebiedscode
            and rooster.peildatum = noemers.peildatum
            and rooster.leeftijdsgroep = noemers.leeftijdsgroep
            and rooster.soort_noemer = noemers.noemer
)
{% endmacro %}

{# What `rooster` is made from, but `tellingen` and `noemers`: as CTEs, for the macros of the other telwijzen. #}
{% macro rooster_invoer(regeling) %}
regelingen as (
    select * from {{ ref('regelingen') }} where regeling = '{{ regeling }}'
),

{{ indicatoren_van_telwijze() }},

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

gebieden as (
    select * from {{ ref('gebied') }}
)
{% endmacro %}
