{# The figures of one month of a regeling whose persons are in actief_<regeling>: a whole model, one row per area,
month, age group and indicator that has anything to count. #}
{% macro stand(regeling) %}
-- One row per area, month, age group and indicator of one month: clients, use, households, provisions and signals.
with

actief as (
    select
        *,
        -- A person outside the ages of the law counts, but in no age group that it is for: signaal_leeftijd tells it.
        case when buiten_de_wet then 'onbekend' else leeftijdsgroep end as groep
    from {{ ref('actief_' ~ regeling) }}
),

-- A person has one address in a month.
personen as (
    select gemeentecode, peildatum, wijkcode, buurtcode, adres, huishouden, groep, persoon,
        max(case when actief then 1 else 0 end) as actief,
        max(case when telt_mee then 1 else 0 end) as telt_mee
    from actief
    where telt
    group by gemeentecode, peildatum, wijkcode, buurtcode, adres, huishouden, groep, persoon
),

per_leeftijd as (
    select *, groep as leeftijdsgroep from personen
    union all
    select *, 'totaal' as leeftijdsgroep from personen
),

-- A household has one address too, so counts by address add up to areas. The use of a month is of the households of
-- that month, not only of those on its last day.
per_adres as (
    select gemeentecode, peildatum, wijkcode, buurtcode, leeftijdsgroep, adres,
        sum(actief) as clienten,
        count(*) as gebruik,
        count(distinct case when telt_mee = 1 then huishouden end) as huishoudens,
        count(distinct huishouden) as huishoudens_gebruik,
        0 as voorzieningen
    from per_leeftijd
    group by gemeentecode, peildatum, wijkcode, buurtcode, leeftijdsgroep, adres
),

-- A provision that two persons share counts once, also when they live apart: in the first of their buurten.
gedeeld as (
    select
        *,
        row_number() over (
            partition by gemeentecode, voorziening_id, peildatum order by buurtcode, wijkcode
        ) as volgorde
    from actief
    where telt and telt_mee
),

te_tellen as (
    select * from per_adres
    union all
    select gemeentecode, peildatum, wijkcode, buurtcode, 'totaal' as leeftijdsgroep, adres,
        0 as clienten, 0 as gebruik, 0 as huishoudens, 0 as huishoudens_gebruik, 1 as voorzieningen
    from gedeeld
    where volgorde = 1
),

per_niveau as (
    select
        te_tellen.*,
        niveaus.gebiedsniveau,
        {{ gebied_op_niveau('te_tellen') }} as gebiedscode
    from te_tellen
    cross join {{ niveaus() }}
),

-- Protection needs to know how many of the persons behind a count live at one address, such as an institution.
opgeteld as (
    select gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep,
        sum(clienten) as clienten, sum(gebruik) as gebruik, sum(huishoudens) as huishoudens,
        sum(huishoudens_gebruik) as huishoudens_gebruik, sum(voorzieningen) as voorzieningen,
        max(clienten) as adres_clienten, max(gebruik) as adres_gebruik
    from per_niveau
    group by gemeentecode, gebiedsniveau, gebiedscode, peildatum, leeftijdsgroep
),

-- Signals: provisions of persons who died or left, and are not counted; and clients of an age that the law is not for.
signalen as (
    select gemeentecode, peildatum, concat('signaal_', toestand) as indicator, count(distinct persoon) as aantal
    from actief
    where actief and toestand in ('overleden', 'vertrokken')
    group by gemeentecode, peildatum, toestand
    union all
    select gemeentecode, peildatum, 'signaal_leeftijd' as indicator, count(distinct persoon) as aantal
    from actief
    where actief and telt and buiten_de_wet
    group by gemeentecode, peildatum
),

final as (
    select opgeteld.gemeentecode, opgeteld.gebiedsniveau, opgeteld.gebiedscode, opgeteld.peildatum,
        opgeteld.leeftijdsgroep, indicatoren.indicator,
        cast(
            case indicatoren.indicator
                when 'clienten' then opgeteld.clienten
                when 'gebruik' then opgeteld.gebruik
                when 'huishoudens' then opgeteld.huishoudens
                else opgeteld.voorzieningen
            end as bigint
        ) as aantal,
        cast(
            case indicatoren.indicator
                when 'gebruik' then opgeteld.huishoudens_gebruik
                else opgeteld.huishoudens
            end as bigint
        ) as huishoudens,
        cast(
            case indicatoren.indicator
                when 'clienten' then opgeteld.adres_clienten
                when 'gebruik' then opgeteld.adres_gebruik
            end as bigint
        ) as grootste_adres
    from opgeteld
    cross join (values ('clienten'), ('gebruik'), ('huishoudens'), ('voorzieningen')) as indicatoren (indicator)
    union all
    select gemeentecode, 'gemeente' as gebiedsniveau, gemeentecode as gebiedscode, peildatum,
        'totaal' as leeftijdsgroep, indicator, aantal, cast(null as bigint) as huishoudens,
        cast(null as bigint) as grootste_adres
    from signalen
)

select * from final
{% endmacro %}
