{# Areas (streets only where a table has them) add up to the gemeente, and age groups to the total. Durations are no counts; moves have no gemeente row. #}
{% test telt_op(model, sleutels=[]) %}
{% set eigen = sleutels | join(', ') ~ (', ' if sleutels else '') %}
with

tellingen as (
    select * from {{ model }}
    where
        status = 'geleverd'
        and indicator in (
            select indicatoren.indicator from {{ ref('indicatoren') }} as indicatoren
            where indicatoren.soort not in ('duur', 'signaal', 'verhuizing')
        )
),

per_niveau as (
    select
        gemeentecode,
        peildatum,
        {{ eigen }}indicator,
        leeftijdsgroep,
        sum(case when gebiedsniveau = 'gemeente' then aantal end) as gemeente,
        sum(case when gebiedsniveau = 'wijk' then aantal end) as wijken,
        sum(case when gebiedsniveau = 'buurt' then aantal end) as buurten,
        sum(case when gebiedsniveau = 'straat' then aantal end) as straten
    from tellingen
    group by gemeentecode, peildatum, {{ eigen }}indicator, leeftijdsgroep
),

per_leeftijd as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        {{ eigen }}indicator,
        sum(case when leeftijdsgroep = 'totaal' then aantal end) as totaal,
        sum(case when leeftijdsgroep <> 'totaal' then aantal end) as groepen
    from tellingen
    group by gemeentecode, gebiedscode, peildatum, {{ eigen }}indicator
)

select
    gemeentecode,
    gemeentecode as gebiedscode,
    peildatum,
    indicator
from per_niveau
where gemeente <> wijken or gemeente <> buurten or gemeente <> straten
union all
select
    gemeentecode,
    gebiedscode,
    peildatum,
    indicator
from per_leeftijd
where totaal <> groepen
{% endtest %}
