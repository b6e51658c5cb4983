{# Aggregates of one registration, of the deliveries that count: the totals over sexes of the codes that have an indicator
of their own (codelijst AO_REGELING, norm): the total over regelingen that the source gives, or a regime apart. #}
{% macro stg_aggregaat(bron) %}
-- One row per area, peildatum, age class and indicator of the deliveries that count.
with

aggregaat as (
    select * from {{ source('bron', bron) }}
),

codelijsten as (
    select * from {{ ref('codelijsten') }}
    where codelijst = 'AO_REGELING' and norm is not null
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
        codelijsten.norm as indicator,
        row_number() over (
            partition by aggregaat.peildatum, aggregaat.regio_code, aggregaat.regeling, aggregaat.leeftijdsklasse
            order by aggregaat.leverdatum desc, aggregaat.leverancier asc
        ) as volgorde
    from aggregaat
    inner join geldend on aggregaat.leverancier = geldend.leverancier and aggregaat.leverdatum = geldend.leverdatum
    inner join codelijsten on aggregaat.regeling = codelijsten.code
    where aggregaat.geslacht = 'totaal'
),

final as (
    select
        gemeentecode,
        peildatum,
        regio_code,
        indicator,
        leeftijdsklasse,
        aantal,
        leverdatum
    from genummerd
    where volgorde = 1
)

select * from final
{% endmacro %}
