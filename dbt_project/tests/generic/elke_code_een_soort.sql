{# Of every list that a regeling uses, every code has one soort on any day, and every code is of its list. A productcode has
at most one, of all gemeenten or of one. #}
{% test elke_code_een_soort(model) %}
with

soorten as (
    select * from {{ model }}
),

codelijsten as (
    select * from {{ ref('codelijsten') }}
),

zonder_soort as (
    select
        lijsten.regeling,
        lijsten.codelijst,
        codelijsten.code
    from (select distinct regeling, codelijst from soorten where codelijst is not null) as lijsten
    inner join codelijsten on lijsten.codelijst = codelijsten.codelijst
    left join soorten
        on
            lijsten.regeling = soorten.regeling
            and codelijsten.codelijst = soorten.codelijst
            and codelijsten.code = soorten.code
            and soorten.productcode is null
    where soorten.code is null
),

zonder_lijst as (
    select
        soorten.regeling,
        soorten.codelijst,
        soorten.code
    from soorten
    left join codelijsten on soorten.codelijst = codelijsten.codelijst and soorten.code = codelijsten.code
    where soorten.codelijst is not null and codelijsten.code is null
),

-- Per code the rows follow each other without a gap, from ever to ever.
op_volgorde as (
    select
        *,
        lag(geldig_tot) over per_code as vorige_tot,
        row_number() over per_code as nummer,
        count(*) over (partition by regeling, coalesce(route, ''), coalesce(codelijst, ''), code) as rijen
    from soorten
    where productcode is null
    window
        per_code as (
            partition by regeling, coalesce(route, ''), coalesce(codelijst, ''), code
            order by coalesce(geldig_van, cast('0001-01-01' as date))
        )
),

met_gat as (
    select
        regeling,
        codelijst,
        code
    from op_volgorde
    where
        gemeentecode is not null
        or (nummer = 1 and geldig_van is not null)
        or (nummer > 1 and coalesce(geldig_van <> {{ add_days('vorige_tot', 1) }}, true))
        or (nummer = rijen and geldig_tot is not null)
),

dubbel_product as (
    select
        een.regeling,
        een.codelijst,
        een.code
    from soorten as een
    inner join soorten as ander
        on
            een.regeling = ander.regeling
            and een.code = ander.code
            and een.productcode = ander.productcode
            and coalesce(een.gemeentecode, ander.gemeentecode, '') = coalesce(ander.gemeentecode, een.gemeentecode, '')
            and {{ geldig_samen('een', 'ander') }}
    group by een.regeling, een.codelijst, een.code, een.productcode, een.gemeentecode, een.geldig_van
    having count(*) > 1
)

select * from zonder_soort
union all
select * from zonder_lijst
union all
select * from met_gat
union all
select * from dubbel_product
{% endtest %}
