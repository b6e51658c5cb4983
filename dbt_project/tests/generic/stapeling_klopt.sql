{# Every household of monitor_totaal stacks once, in each area. And a household that leans on k regelingen is one of the
households of k of them: together they have at least as many. #}
{% test stapeling_klopt(model) %}
with

gestapeld as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        sum(aantal) as huishoudens,
        sum(case indicator when 'huishoudens_2' then 2 when 'huishoudens_3plus' then 3 else 1 end * aantal) as keren
    from {{ model }}
    where status = 'geleverd'
    group by gemeentecode, gebiedscode, peildatum
),

totaal as (
    select * from {{ ref('wijkcijfers_totaal') }}
    where
        status = 'geleverd'
        and indicator = 'huishoudens'
        and gebiedsniveau in ('gemeente', 'wijk')
),

unie as (
    select * from {{ ref('unie') }}
),

per_regeling as (
    {{ huishoudens_per_regeling() }}
),

regelingen_samen as (
    select
        per_regeling.gemeentecode,
        per_regeling.gebiedscode,
        per_regeling.peildatum,
        sum(per_regeling.aantal) as huishoudens
    from per_regeling
    inner join unie
        on
            per_regeling.gemeentecode = unie.gemeentecode
            and per_regeling.peildatum = unie.peildatum
            and per_regeling.regeling = unie.regeling
    group by per_regeling.gemeentecode, per_regeling.gebiedscode, per_regeling.peildatum
),

naast_elkaar as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        gestapeld.huishoudens,
        gestapeld.keren,
        totaal.aantal as uniek,
        regelingen_samen.huishoudens as som
    from gestapeld
    full outer join totaal using (gemeentecode, gebiedscode, peildatum)
    left join regelingen_samen using (gemeentecode, gebiedscode, peildatum)
)

select
    gemeentecode,
    gebiedscode,
    peildatum
from naast_elkaar
where not coalesce(huishoudens = uniek and keren <= som, false)
{% endtest %}
