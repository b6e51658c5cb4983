{# The exact figures of a regeling: every measure of design.md section 6, per gemeente, wijk and buurt, dense; counted from
model actief_<regeling>. `opgegeven`: the model of where the deliveries place who never occurs in the BRP.

What exists for a regeling follows from its telwijze in seeds/regelingen.csv. #}
{% macro wijkcijfers(regeling, opgegeven=none) %}
with

voorzieningen as (
    select * from {{ ref('voorziening_' ~ regeling) }}
),

actief as (
    select * from {{ ref('actief_' ~ regeling) }}
),

personen as (
    select * from {{ ref('personen') }}
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

gedekt as (
    select * from {{ ref('dekking') }} where regeling = '{{ regeling }}'
),

geteld as (
    select
        *,
        -- Who is outside the ages of the law counts, but in no age group that it is for; told as signaal_leeftijd.
        case when buiten_de_wet then 'onbekend' else leeftijdsgroep end as groep_van_wet,
        -- A provision that two persons share counts once, also when they live apart: in the first of their buurten.
        min(case when telt_mee then buurtcode end) over (
            partition by gemeentecode, voorziening_id, peildatum
        ) as buurt_van_voorziening
    from actief
    where telt
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

-- Flows: who is a client now and who was one so many months before, both in the areas of now.
vergelijkingen as (
    select distinct
        gemeentecode,
        peildatum,
        indelingsjaar,
        maanden,
        toen
    from {{ ref('vergelijking') }}
    where not voor_monitor
),

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

-- Who was a client then, placed where they lived then in the areas of now.
toen as (
    select distinct
        nu.gemeentecode,
        actieven.persoon,
        nu.peildatum,
        nu.indelingsjaar,
        nu.maanden,
        nu.toen as datum
    from vergelijkingen as nu
    inner join geteld as actieven
        on nu.gemeentecode = actieven.gemeentecode and nu.toen = actieven.peildatum and actieven.actief
),

client_toen as (
    select
        toen.*,
        {{ waar('toen', opgegeven) }}
    from toen
    {{ plaats_op('toen', 'toen.datum', 'toen.indelingsjaar', opgegeven) }}
),

verandering as (
    select
        coalesce(nu.gemeentecode, toen.gemeentecode) as gemeentecode,
        coalesce(nu.peildatum, toen.peildatum) as peildatum,
        coalesce(nu.maanden, toen.maanden) as maanden,
        nu.persoon is not null as is_nu,
        toen.persoon is not null as was_toen,
        coalesce(nu.huishouden, toen.huishouden) as huishouden,
        nu.wijkcode,
        nu.buurtcode,
        toen.wijkcode as wijkcode_toen,
        toen.buurtcode as buurtcode_toen
    from (
        select client_nu.*, vergelijkingen.maanden
        from client_nu
        inner join vergelijkingen
            on
                client_nu.gemeentecode = vergelijkingen.gemeentecode
                and client_nu.peildatum = vergelijkingen.peildatum
    ) as nu
    full outer join client_toen as toen
        on
            nu.gemeentecode = toen.gemeentecode
            and nu.persoon = toen.persoon
            and nu.peildatum = toen.peildatum
            and nu.maanden = toen.maanden
),

verandering_per_niveau as (
    select gemeentecode, peildatum, maanden, huishouden, is_nu, was_toen, 'gemeente' as gebiedsniveau,
        gemeentecode as nu_code, gemeentecode as toen_code
    from verandering
    union all
    select gemeentecode, peildatum, maanden, huishouden, is_nu, was_toen, 'wijk' as gebiedsniveau,
        wijkcode as nu_code, wijkcode_toen as toen_code
    from verandering
    union all
    select gemeentecode, peildatum, maanden, huishouden, is_nu, was_toen, 'buurt' as gebiedsniveau,
        buurtcode as nu_code, buurtcode_toen as toen_code
    from verandering
),

stromen as (
    select gemeentecode, gebiedsniveau, nu_code as gebiedscode, peildatum, maanden, 'stroom' as soort, 1 as teken,
        count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where is_nu and not was_toen
    group by gemeentecode, gebiedsniveau, nu_code, peildatum, maanden
    union all
    select gemeentecode, gebiedsniveau, toen_code as gebiedscode, peildatum, maanden, 'stroom' as soort, -1 as teken,
        count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where was_toen and not is_nu
    group by gemeentecode, gebiedsniveau, toen_code, peildatum, maanden
    union all
    select gemeentecode, gebiedsniveau, nu_code as gebiedscode, peildatum, maanden, 'verhuizing' as soort, 1 as teken,
        count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where is_nu and was_toen and nu_code <> toen_code
    group by gemeentecode, gebiedsniveau, nu_code, peildatum, maanden
    union all
    select gemeentecode, gebiedsniveau, toen_code as gebiedscode, peildatum, maanden, 'verhuizing' as soort, -1 as teken,
        count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where is_nu and was_toen and nu_code <> toen_code
    group by gemeentecode, gebiedsniveau, toen_code, peildatum, maanden
    union all
    select gemeentecode, gebiedsniveau, toen_code as gebiedscode, peildatum, maanden, 'stand_toen' as soort, 1 as teken,
        count(*) as aantal,
        count(distinct huishouden) as huishoudens
    from verandering_per_niveau where was_toen
    group by gemeentecode, gebiedsniveau, toen_code, peildatum, maanden
),

{{ gebruik_in_periode(opgegeven) }},

{{ duur(opgegeven) }},

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
    from actief
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
    where actief and buiten_de_wet
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
        indicatoren.indicator, aantal, huishoudens, cast(null as bigint) as grootste_adres
    from stromen
    inner join indicatoren
        on
            stromen.soort = indicatoren.soort
            and stromen.teken = indicatoren.teken
            and stromen.maanden = indicatoren.maanden
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
