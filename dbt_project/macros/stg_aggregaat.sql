{# Aggregates of one registration, of the deliveries that count: the totals over regelingen and sexes that the source gives.

`totaal`: the code of all regelingen of the registration together (validations/contracts/<bron>.py, TOTAL). #}
{% macro stg_aggregaat(bron, totaal) %}
with

aggregaat as (
    select * from {{ source('bron', bron) }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

geldend as (
    select distinct
        leverancier,
        leverdatum
    from leveringen
    where bron = '{{ bron }}' and geldt
),

-- Two suppliers may deliver the same area; the newest holds.
genummerd as (
    select
        aggregaat.*,
        row_number() over (
            partition by aggregaat.peildatum, aggregaat.regio_code, aggregaat.leeftijdsklasse
            order by aggregaat.leverdatum desc, aggregaat.leverancier asc
        ) as volgorde
    from aggregaat
    inner join geldend on aggregaat.leverancier = geldend.leverancier and aggregaat.leverdatum = geldend.leverdatum
    where aggregaat.regeling = '{{ totaal }}' and aggregaat.geslacht = 'totaal'
),

final as (
    select
        gemeentecode,
        peildatum,
        regio_code,
        leeftijdsklasse,
        aantal,
        leverdatum
    from genummerd
    where volgorde = 1
)

select * from final
{% endmacro %}
