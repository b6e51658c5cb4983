-- One row per area, year and column of kerncijfers.
-- The figure of CBS beside ours, per area and year, for every column of kerncijfers that the monitor counts too
-- (seeds/cbs_kolommen.csv). CBS rounds, ours are exact: for analysts inside. Where a column is two regelingen for us
-- (AO) ours are added up, so a person with both counts twice. A figure that CBS keeps secret has no row; one that we
-- lack is empty.
{% set kolommen = [
    'a_inw', 'a_00_14', 'a_15_24', 'a_25_44', 'a_45_64', 'a_65_oo', 'a_hh', 'a_soz_wb', 'a_soz_ao', 'a_wmo_t', 'a_jz_tn'
] %}
with

kerncijfers as (
    select * from {{ ref('stg_kerncijfers') }}
),

kolommen as (
    select * from {{ ref('cbs_kolommen') }}
),

wijkcijfers as (
    select * from {{ ref('wijkcijfers') }}
),

noemers as (
    select * from {{ ref('noemer') }}
),

peilmaanden as (
    select * from {{ ref('peilmaand') }}
),

-- A column and the regelingen in it, which have all else in common.
betekenis as (
    select
        kolom,
        indicator,
        leeftijdsgroep,
        eenheid,
        afronding,
        peildag,
        {{ dbt.listagg('regeling', "', '", 'order by regeling') }} as regeling,
        count(*) as regelingen
    from kolommen
    group by kolom, indicator, leeftijdsgroep, eenheid, afronding, peildag
),

cbs as (
    select
        kerncijfers.jaar,
        kerncijfers.leverancier,
        kerncijfers.leverdatum,
        kerncijfers.gemeentecode,
        kerncijfers.code as gebiedscode,
        kerncijfers.naam as gebiedsnaam,
        betekenis.kolom,
        case betekenis.kolom
            {% for kolom in kolommen %}
                when '{{ kolom }}' then kerncijfers.{{ kolom }}
            {% endfor %}
        end as aantal
    from kerncijfers
    cross join betekenis
),

gevraagd as (
    select
        cbs.*,
        betekenis.regeling,
        betekenis.indicator,
        betekenis.leeftijdsgroep,
        betekenis.eenheid,
        betekenis.afronding,
        cast(concat(cast(cbs.jaar as {{ dbt.type_string() }}), '-', betekenis.peildag) as date) as dag
    from cbs
    inner join betekenis on cbs.kolom = betekenis.kolom
    where cbs.aantal is not null
),

geteld as (
    select
        regeling,
        gemeentecode,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        indicator,
        aantal
    from wijkcijfers
    where aantal is not null
    union all
    select
        'brp' as regeling,
        gemeentecode,
        gebiedscode,
        peildatum,
        leeftijdsgroep,
        noemer as indicator,
        aantal
    from noemers
    where noemer in ('inwoners', 'huishoudens')
),

-- Our figure for each column, where all its regelingen are there.
ons as (
    select
        betekenis.kolom,
        geteld.gemeentecode,
        geteld.gebiedscode,
        geteld.peildatum,
        cast(sum(geteld.aantal) as bigint) as aantal
    from geteld
    inner join kolommen
        on
            geteld.regeling = kolommen.regeling
            and geteld.indicator = kolommen.indicator
            and geteld.leeftijdsgroep = kolommen.leeftijdsgroep
    inner join betekenis on kolommen.kolom = betekenis.kolom
    group by betekenis.kolom, betekenis.regelingen, geteld.gemeentecode, geteld.gebiedscode, geteld.peildatum
    having count(*) = betekenis.regelingen
),

-- The last month-end up to the day that CBS counts, else the first one after it; at most a month away.
dichtstbij as (
    select
        gevraagd.kolom,
        gevraagd.jaar,
        gevraagd.gebiedscode,
        coalesce(
            max(case when ons.peildatum <= gevraagd.dag then ons.peildatum end),
            min(ons.peildatum)
        ) as peildatum
    from gevraagd
    inner join ons
        on
            gevraagd.kolom = ons.kolom
            and gevraagd.gebiedscode = ons.gebiedscode
            and ons.peildatum >= {{ add_days('gevraagd.dag', -31) }}
            and ons.peildatum <= {{ add_days('gevraagd.dag', 31) }}
    group by gevraagd.kolom, gevraagd.jaar, gevraagd.gebiedscode
),

final as (
    select
        gevraagd.jaar,
        gevraagd.leverancier,
        gevraagd.leverdatum,
        gevraagd.gemeentecode,
        case substr(gevraagd.gebiedscode, 1, 2) when 'GM' then 'gemeente' when 'WK' then 'wijk' else 'buurt' end
            as gebiedsniveau,
        gevraagd.gebiedscode,
        gevraagd.gebiedsnaam,
        gevraagd.kolom,
        gevraagd.regeling,
        gevraagd.indicator,
        gevraagd.leeftijdsgroep,
        gevraagd.eenheid,
        gevraagd.afronding,
        gevraagd.aantal as cbs,
        dichtstbij.peildatum,
        peilmaanden.indelingsjaar,
        ons.aantal as ons,
        ons.aantal - gevraagd.aantal as verschil
    from gevraagd
    left join dichtstbij
        on
            gevraagd.kolom = dichtstbij.kolom
            and gevraagd.jaar = dichtstbij.jaar
            and gevraagd.gebiedscode = dichtstbij.gebiedscode
    left join ons
        on
            dichtstbij.kolom = ons.kolom
            and dichtstbij.gebiedscode = ons.gebiedscode
            and dichtstbij.peildatum = ons.peildatum
    left join peilmaanden
        on gevraagd.gemeentecode = peilmaanden.gemeentecode and dichtstbij.peildatum = peilmaanden.peildatum
)

select * from final
