-- One row per provision, person and stretch of days that it ran.
-- OGGZ: a report runs from its day to its closing, as the newest period that has it tells. A report that is gone from a
-- later period of its own region without a closing ended on the last day of the last period that had it.
with

meldingen as (
    select * from {{ ref('stg_oggz') }}
),

codes as (
    select * from {{ ref('codelijsten') }}
    where codelijst = 'OGZ_RESULTAAT'
),

-- A region that delivers no period ends nothing; another region says nothing of its reports.
laatste_periode as (
    select
        leverancier,
        max(periode_tot) as periode_tot
    from meldingen
    group by leverancier
),

genummerd as (
    select
        *,
        row_number() over (
            partition by gemeentecode, persoon, melddatum
            order by periode_tot desc, leverdatum desc
        ) as volgorde
    from meldingen
),

spells as (
    select
        meldingen.gemeentecode,
        meldingen.persoon,
        concat('oggz-', meldingen.persoon, '-', cast(meldingen.melddatum as {{ dbt.type_string() }})) as voorziening_id,
        meldingen.problematiek as categorie,
        cast(null as {{ dbt.type_string() }}) as aanbieder,
        cast(null as bigint) as bedrag_maand,
        meldingen.melddatum as begindatum,
        case
            when meldingen.datum_afsluiting is not null then meldingen.datum_afsluiting
            when meldingen.periode_tot < laatste_periode.periode_tot then meldingen.periode_tot
        end as einddatum,
        case
            when meldingen.datum_afsluiting is not null then coalesce(codes.norm, 'onbekend')
            when meldingen.periode_tot < laatste_periode.periode_tot then 'verdwenen'
        end as reden_einde,
        meldingen.leverdatum
    from genummerd as meldingen
    inner join laatste_periode on meldingen.leverancier = laatste_periode.leverancier
    left join codes on meldingen.resultaat = codes.code
    where meldingen.volgorde = 1
),

{% set code = "case when spells.categorie like '%|%' then 'meervoudig' else spells.categorie end" %}
{{ voorziening('oggz', 'spells', 'oggz', code=code) }}

select * from final
