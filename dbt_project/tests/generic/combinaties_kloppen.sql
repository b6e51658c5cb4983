{# The households of each law are those of the combinations that it is in, in each area; and `meer_dan_een` is those of
more than one law. #}
{% test combinaties_kloppen(model) %}
with

combinaties as (
    select * from {{ model }}
    where status = 'geleverd' and indicator = 'huishoudens'
),

regelingen as (
    select * from {{ ref('regelingen') }}
    where wet_combinatie is not null
),

per_regeling as (
    {{ huishoudens_per_regeling() }}
),

per_wet as (
    select
        combinaties.gemeentecode,
        combinaties.gebiedscode,
        combinaties.peildatum,
        regelingen.regeling,
        sum(combinaties.aantal) as huishoudens
    from combinaties
    cross join regelingen
    where
        combinaties.combinatie = 'alle_drie'
        or combinaties.combinatie like concat('%', regelingen.wet_combinatie, '%')
    group by combinaties.gemeentecode, combinaties.gebiedscode, combinaties.peildatum, regelingen.regeling
),

meer_dan_een as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        sum(case when combinatie = 'meer_dan_een' then aantal end) as som,
        sum(case when combinatie <> 'meer_dan_een' and combinatie not like 'alleen%' then aantal end) as precies
    from combinaties
    group by gemeentecode, gebiedscode, peildatum
)

select
    per_wet.gemeentecode,
    per_wet.gebiedscode,
    per_wet.peildatum
from per_wet
left join per_regeling
    on
        per_wet.gemeentecode = per_regeling.gemeentecode
        and per_wet.gebiedscode = per_regeling.gebiedscode
        and per_wet.peildatum = per_regeling.peildatum
        and per_wet.regeling = per_regeling.regeling
where not coalesce(per_wet.huishoudens = per_regeling.aantal, false)
union all
select
    gemeentecode,
    gebiedscode,
    peildatum
from meer_dan_een
where not coalesce(som = precies, false)
{% endtest %}
