{# The exact figures of a regeling: every measure of design.md section 6, per gemeente, wijk and buurt, dense.

Addresses in the deliveries of this registration, for who never occurs in the BRP: var `leveringsadressen`.
`postcode4`: the staging model of a registration without addresses that tells the PC4 (gemeentecode, persoon, postcode4,
periode_tot, melddatum).

What exists for a regeling follows from its telwijze in seeds/regelingen.csv. #}
{% macro wijkcijfers(regeling, postcode4=none) %}
with

voorzieningen as (
    select * from {{ ref('voorziening_' ~ regeling) }}
),

regelingen as (
    select * from {{ ref('regelingen') }} where regeling = '{{ regeling }}'
),

{{ indicatoren_van_telwijze() }},

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

gebieden as (
    select * from {{ ref('gebied') }}
),

noemers as (
    select * from {{ ref('noemer') }}
),

bewoning as (
    select * from {{ ref('bewoning') }}
),

adressen as (
    select * from {{ ref('stg_gebieden_adressen') }}
),

gedekt as (
    select * from {{ ref('dekking') }} where regeling = '{{ regeling }}'
),

{{ bekenden() }},

{{ leveringsadressen(var('leveringsadressen').get(regeling), postcode4) }},

-- Provisions with at least one day in the month; `actief` at the end of its last day.
in_maand as (
    select
        voorzieningen.gemeentecode,
        voorzieningen.persoon,
        voorzieningen.voorziening_id,
        peilmaanden.peildatum,
        peilmaanden.peildatum as datum,
        greatest(coalesce(voorzieningen.telt_in, voorzieningen.begindatum), peilmaanden.maand_begin) as eerste_dag,
        peilmaanden.indelingsjaar,
        regelingen.telt_na_vertrek,
        regelingen.leeftijd_van,
        regelingen.leeftijd_tot,
        voorzieningen.einddatum is null or voorzieningen.einddatum > peilmaanden.peildatum as actief,
        -- Events have no end: what counts is that they happened in the month.
        regelingen.telwijze = 'gebeurtenis'
        or voorzieningen.einddatum is null
        or voorzieningen.einddatum > peilmaanden.peildatum as telt_mee
    from voorzieningen
    cross join regelingen
    inner join peilmaanden
        on
            voorzieningen.gemeentecode = peilmaanden.gemeentecode
            and coalesce(voorzieningen.telt_in, voorzieningen.begindatum) <= peilmaanden.peildatum
            and (
                voorzieningen.einddatum is null
                or coalesce(voorzieningen.telt_in, voorzieningen.einddatum) >= peilmaanden.maand_begin
            )
    left join gedekt
        on peilmaanden.gemeentecode = gedekt.gemeentecode and peilmaanden.peildatum = gedekt.peildatum
    -- Of a month that two routes cover, one tells.
    where voorzieningen.route is null or voorzieningen.route = gedekt.semantiek
),

{{ plaats('in_maand') }},

geteld as (
    select
        *,
        -- Who is outside the ages of the law counts, but in no age group that it is for; told as signaal_leeftijd.
        case when {{ buiten_de_wet() }} then 'onbekend' else leeftijdsgroep end as groep_van_wet,
        -- A provision that two persons share counts once, also when they live apart: in the first of their buurten.
        min(case when telt_mee then buurtcode end) over (
            partition by gemeentecode, voorziening_id, peildatum
        ) as buurt_van_voorziening
    from in_maand_geplaatst
    where {{ telt('toestand', 'telt_na_vertrek') }}
),

-- Stock: each row in its own age group as well as in the total. A person, a household (it has one address) and a
-- provision count in one buurt only, so the counts of buurten add up: counting each level anew took three times as long.
per_leeftijd as (
    select *, groep_van_wet as groep from geteld
    union all
    select *, 'totaal' as groep from geteld
),

stand_per_buurt as (
    select
        gemeentecode,
        wijkcode,
        buurtcode,
        peildatum,
        groep as leeftijdsgroep,
        count(distinct case when actief then persoon end) as clienten,
        count(distinct persoon) as gebruik,
        count(distinct case when telt_mee then huishouden end) as huishoudens,
        -- Behind the use of a month stand the households of that month, not those of its last day alone.
        count(distinct huishouden) as huishoudens_gebruik,
        count(distinct case when telt_mee and buurtcode = buurt_van_voorziening then voorziening_id end) as voorzieningen
    from per_leeftijd
    group by gemeentecode, wijkcode, buurtcode, peildatum, groep
),

stand_per_niveau as (
    {{ per_niveau('stand_per_buurt') }}
),

standen as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        cast(sum(clienten) as bigint) as clienten,
        cast(sum(gebruik) as bigint) as gebruik,
        cast(sum(huishoudens) as bigint) as huishoudens,
        cast(sum(huishoudens_gebruik) as bigint) as huishoudens_gebruik,
        cast(sum(voorzieningen) as bigint) as voorzieningen
    from stand_per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep
),

-- How many of the persons behind a count live at one address, such as an institution: protection needs to know.
-- Persons once per month first, so that the rest is plain counting; an address lies in one buurt.
client_maand as (
    select
        gemeentecode,
        peildatum,
        wijkcode,
        buurtcode,
        groep_van_wet as leeftijdsgroep,
        adres,
        persoon,
        max(case when actief then 1 else 0 end) as actief
    from geteld
    group by gemeentecode, peildatum, wijkcode, buurtcode, groep_van_wet, adres, persoon
),

per_adres as (
    select gemeentecode, peildatum, wijkcode, buurtcode, leeftijdsgroep, adres,
        cast(sum(actief) as bigint) as clienten, count(*) as gebruik
    from client_maand
    group by gemeentecode, peildatum, wijkcode, buurtcode, leeftijdsgroep, adres
    union all
    select gemeentecode, peildatum, wijkcode, buurtcode, 'totaal' as leeftijdsgroep, adres,
        cast(sum(actief) as bigint) as clienten, count(*) as gebruik
    from client_maand
    group by gemeentecode, peildatum, wijkcode, buurtcode, adres
),

per_adres_en_niveau as (
    {{ per_niveau('per_adres') }}
),

grootste_adres as (
    select
        gemeentecode,
        gebiedsniveau,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        max(clienten) as clienten,
        max(gebruik) as gebruik
    from per_adres_en_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep
),

standen_met_adres as (
    select
        standen.*,
        grootste_adres.clienten as adres_clienten,
        grootste_adres.gebruik as adres_gebruik
    from standen
    inner join grootste_adres
        on
            standen.gemeentecode = grootste_adres.gemeentecode
            and standen.gebiedsniveau = grootste_adres.gebiedsniveau
            and standen.gebiedscode = grootste_adres.gebiedscode
            and standen.peildatum = grootste_adres.peildatum
            and standen.leeftijdsgroep = grootste_adres.leeftijdsgroep
),

-- Flows: who is a client now and who was one before, both in the areas of now.
client_nu as (
    select distinct
        gemeentecode,
        persoon,
        peildatum,
        huishouden,
        wijkcode,
        buurtcode
    from geteld
    where actief
),

client_toen as (
    select distinct
        nu.gemeentecode,
        actieven.persoon,
        nu.peildatum,
        vergelijking.soort,
        vergelijking.toen as datum,
        nu.indelingsjaar,
        actieven.telt_na_vertrek
    from peilmaanden as nu
    inner join (
        select gemeentecode, peildatum, 'maand' as soort, vorige_peildatum as toen from peilmaanden where not eerste_maand
        union all
        select gemeentecode, peildatum, 'kwartaal' as soort, vorig_kwartaaleinde as toen
        from peilmaanden where is_kwartaaleinde and not eerste_kwartaal
    ) as vergelijking on nu.gemeentecode = vergelijking.gemeentecode and nu.peildatum = vergelijking.peildatum
    inner join geteld as actieven
        on
            nu.gemeentecode = actieven.gemeentecode
            and vergelijking.toen = actieven.peildatum
            and actieven.actief
),

{{ plaats('client_toen') }},

verandering as (
    select
        coalesce(nu.gemeentecode, toen.gemeentecode) as gemeentecode,
        coalesce(nu.peildatum, toen.peildatum) as peildatum,
        coalesce(nu.soort, toen.soort) as soort,
        nu.persoon is not null as is_nu,
        toen.persoon is not null as was_toen,
        coalesce(nu.huishouden, toen.huishouden) as huishouden,
        nu.wijkcode,
        nu.buurtcode,
        toen.wijkcode as wijkcode_toen,
        toen.buurtcode as buurtcode_toen
    from (
        select client_nu.*, soorten.soort
        from client_nu
        cross join (select 'maand' as soort union all select 'kwartaal' as soort) as soorten
    ) as nu
    full outer join client_toen_geplaatst as toen
        on
            nu.gemeentecode = toen.gemeentecode
            and nu.persoon = toen.persoon
            and nu.peildatum = toen.peildatum
            and nu.soort = toen.soort
),

verandering_per_niveau as (
    select gemeentecode, peildatum, soort, huishouden, is_nu, was_toen, 'gemeente' as gebiedsniveau,
        gemeentecode as nu_code, gemeentecode as toen_code
    from verandering
    union all
    select gemeentecode, peildatum, soort, huishouden, is_nu, was_toen, 'wijk' as gebiedsniveau,
        wijkcode as nu_code, wijkcode_toen as toen_code
    from verandering
    union all
    select gemeentecode, peildatum, soort, huishouden, is_nu, was_toen, 'buurt' as gebiedsniveau,
        buurtcode as nu_code, buurtcode_toen as toen_code
    from verandering
),

stromen as (
    select gemeentecode, gebiedsniveau, nu_code as gebiedscode, peildatum, soort, 'instroom' as stroom, count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where is_nu and not was_toen
    group by gemeentecode, gebiedsniveau, nu_code, peildatum, soort
    union all
    select gemeentecode, gebiedsniveau, toen_code as gebiedscode, peildatum, soort, 'uitstroom' as stroom, count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where was_toen and not is_nu
    group by gemeentecode, gebiedsniveau, toen_code, peildatum, soort
    union all
    select gemeentecode, gebiedsniveau, nu_code as gebiedscode, peildatum, soort, 'verhuisd_in' as stroom, count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where is_nu and was_toen and nu_code <> toen_code
    group by gemeentecode, gebiedsniveau, nu_code, peildatum, soort
    union all
    select gemeentecode, gebiedsniveau, toen_code as gebiedscode, peildatum, soort, 'verhuisd_uit' as stroom, count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where is_nu and was_toen and nu_code <> toen_code
    group by gemeentecode, gebiedsniveau, toen_code, peildatum, soort
    union all
    select gemeentecode, gebiedsniveau, toen_code as gebiedscode, peildatum, soort, 'stand_toen' as stroom, count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where was_toen
    group by gemeentecode, gebiedsniveau, toen_code, peildatum, soort
),

{{ gebruik_in_periode() }},

{{ duur() }},

-- Told: provisions of who died or left, and is not counted; and clients of an age that the law is not for.
signalen as (
    select
        gemeentecode,
        'gemeente' as gebiedsniveau,
        gemeentecode as gebiedscode,
        peildatum,
        'totaal' as leeftijdsgroep,
        case toestand when 'overleden' then 'signaal_overleden' else 'signaal_vertrokken' end as indicator,
        count(distinct persoon) as aantal
    from in_maand_geplaatst
    where actief and toestand in ('overleden', 'vertrokken')
    group by gemeentecode, peildatum, toestand
    union all
    select
        gemeentecode,
        'gemeente' as gebiedsniveau,
        gemeentecode as gebiedscode,
        peildatum,
        'totaal' as leeftijdsgroep,
        'signaal_leeftijd' as indicator,
        count(distinct persoon) as aantal
    from geteld
    where actief and {{ buiten_de_wet() }}
    group by gemeentecode, peildatum
),

-- `huishoudens` and `grootste_adres` tell who is behind a count, of use at least; where not known they are empty.
tellingen as (
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep, 'clienten' as indicator, clienten as aantal,
        huishoudens, adres_clienten as grootste_adres
    from standen_met_adres
    union all
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep, 'gebruik' as indicator, gebruik as aantal,
        huishoudens_gebruik as huishoudens, adres_gebruik as grootste_adres
    from standen_met_adres
    union all
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep, 'huishoudens' as indicator, huishoudens as aantal,
        huishoudens, cast(null as bigint) as grootste_adres
    from standen
    union all
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep, 'voorzieningen' as indicator, voorzieningen as aantal,
        huishoudens, cast(null as bigint) as grootste_adres
    from standen
    union all
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, 'totaal' as leeftijdsgroep,
        case
            when stroom = 'stand_toen' then case soort when 'maand' then 'stand_vorige' else 'stand_vorig_kwartaal' end
            when soort = 'maand' then stroom
            else concat(stroom, '_kwartaal')
        end as indicator,
        aantal, huishoudens, cast(null as bigint) as grootste_adres
    from stromen
    union all
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, 'totaal' as leeftijdsgroep, indicator, gebruik as aantal,
        huishoudens, adres_gebruik as grootste_adres
    from gebruik_per_periode
    union all
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep, indicator, aantal,
        cast(null as bigint) as huishoudens, cast(null as bigint) as grootste_adres
    from duren
    union all
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep, indicator, aantal,
        cast(null as bigint) as huishoudens, cast(null as bigint) as grootste_adres
    from signalen
),

{{ rooster() }}

select * from final
{% endmacro %}
