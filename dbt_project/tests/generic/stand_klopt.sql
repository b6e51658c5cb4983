{# The accounting identity of design.md section 6, per area: stand = stand before + in - out + moved in - moved out.

`maanden`: over how many months the flows go. The stand before is in today's areas. #}
{% test stand_klopt(model, maanden) %}
with

stromen as (
    select
        indicator,
        soort,
        teken
    from {{ ref('indicatoren') }}
    where maanden = {{ maanden }} and soort in ('stroom', 'verhuizing', 'stand_toen')
),

naast_elkaar as (
    select
        cijfers.gemeentecode,
        cijfers.gebiedsniveau,
        cijfers.gebiedscode,
        cijfers.peildatum,
        max(case when cijfers.indicator = 'clienten' and cijfers.status = 'geleverd' then cijfers.aantal end) as stand,
        max(case when stromen.soort = 'stand_toen' and cijfers.status = 'geleverd' then cijfers.aantal end) as stand_toen,
        -- An inflow or outflow that is missing breaks the identity; a gemeente has no moves within it.
        count(case when stromen.soort = 'stroom' and cijfers.status = 'geleverd' then cijfers.aantal end) as stromen,
        sum(stromen.teken * cijfers.aantal) as stand_nu
    from {{ model }} as cijfers
    left join stromen on cijfers.indicator = stromen.indicator
    where cijfers.leeftijdsgroep = 'totaal'
    group by cijfers.gemeentecode, cijfers.gebiedsniveau, cijfers.gebiedscode, cijfers.peildatum
)

select *
from naast_elkaar
where stand_toen is not null and (stand <> stand_nu or stromen <> (select count(*) from stromen where soort = 'stroom'))
{% endtest %}
