{# No kind has more clients than its regeling, and all kinds together have no fewer: each client has one at least. #}
{% test soorten_passen_bij_clienten(model) %}
with

per_soort as (
    select * from {{ model }}
    where status = 'geleverd' and indicator = 'clienten'
),

alle as (
    select * from {{ ref('wijkcijfers') }}
    where status = 'geleverd' and indicator = 'clienten' and leeftijdsgroep = 'totaal'
),

samen as (
    select
        gemeentecode,
        gebiedscode,
        peildatum,
        regeling,
        max(aantal) as grootste,
        sum(aantal) as som
    from per_soort
    group by gemeentecode, gebiedscode, peildatum, regeling
)

select
    samen.gemeentecode,
    samen.gebiedscode,
    samen.peildatum,
    samen.regeling
from samen
inner join alle
    on
        samen.gemeentecode = alle.gemeentecode
        and samen.gebiedscode = alle.gebiedscode
        and samen.peildatum = alle.peildatum
        and samen.regeling = alle.regeling
where samen.grootste > alle.aantal or samen.som < alle.aantal
{% endtest %}
