{# What seeds/regelingen.csv says of provisions holds in every area: each counted person has exactly one of its own, or at
least one (eigen_voorziening). And no more households than persons. Readers may count on it, and so does the attacker. #}
{% test voorzieningen_kloppen(model) %}
with

regelingen as (
    select * from {{ ref('regelingen') }}
    where regeling = '{{ model.identifier | replace("wijkcijfers_", "") }}'
),

tellingen as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        sum(case when indicator = 'clienten' then aantal end) as clienten,
        sum(case when indicator = 'gebruik' then aantal end) as gebruik,
        sum(case when indicator = 'huishoudens' then aantal end) as huishoudens,
        sum(case when indicator = 'voorzieningen' then aantal end) as voorzieningen
    from {{ model }}
    where status = 'geleverd' and leeftijdsgroep = 'totaal'
    group by gemeentecode, gebiedscode, peildatum
),

vergeleken as (
    select
        tellingen.*,
        regelingen.eigen_voorziening,
        case when regelingen.telwijze = 'gebeurtenis' then tellingen.gebruik else tellingen.clienten end as personen
    from tellingen
    cross join regelingen
)

select
    gemeentecode,
    gebiedscode,
    peildatum
from vergeleken
where
    huishoudens > personen
    or (eigen_voorziening in ('een', 'minstens_een') and voorzieningen < personen)
    or (eigen_voorziening = 'een' and voorzieningen > personen)
{% endtest %}
