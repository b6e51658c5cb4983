{# Spells from full stocks per period (design.md section 6, Stocks).

`records` is a CTE of the records of the deliveries that count: gemeentecode, persoon, voorziening_id, begindatum,
einddatum, reden_einde, categorie, aanbieder, bedrag_maand, leverdatum, periode_van, periode_tot.
`bron`: whose delivered periods tell absence from silence. A period that was not delivered neither ends nor starts.

Gives the CTEs up to and including `standspells`. #}
{% macro spells_uit_standen(records, bron) %}
perioden as (
    select
        gemeentecode,
        periode_tot,
        cast(row_number() over (partition by gemeentecode order by periode_tot) as bigint) as nummer
    from (
        select distinct
            gemeentecode,
            periode_tot
        from {{ ref('stg_leveringen') }}
        where bron = '{{ bron }}' and geldt and semantiek = 'stand'
    ) as geleverd
),

laatste_periode as (
    select
        gemeentecode,
        max(nummer) as nummer
    from perioden
    group by gemeentecode
),

genummerd as (
    select
        records.*,
        perioden.nummer,
        lag(perioden.nummer) over (
            partition by records.gemeentecode, records.voorziening_id, records.persoon, records.begindatum
            order by perioden.nummer
        ) as vorig_nummer
    from {{ records }} as records
    inner join perioden
        on records.gemeentecode = perioden.gemeentecode and records.periode_tot = perioden.periode_tot
),

-- Back within one delivered period with the same start date is the same spell; back later is a new one.
reeksen as (
    select
        *,
        sum(case when nummer - vorig_nummer <= 2 then 0 else 1 end) over (
            partition by gemeentecode, voorziening_id, persoon, begindatum
            order by nummer
            rows between unbounded preceding and current row
        ) as reeks
    from genummerd
),

-- What the last record of a run says, holds: only a delivery with the record itself can change its end date.
laatste_record as (
    select
        *,
        min(periode_van) over (
            partition by gemeentecode, voorziening_id, persoon, begindatum, reeks
        ) as eerste_periode_van,
        row_number() over (
            partition by gemeentecode, voorziening_id, persoon, begindatum, reeks
            order by nummer desc, leverdatum desc
        ) as volgorde
    from reeksen
),

standspells as (
    select
        records.gemeentecode,
        records.persoon,
        records.voorziening_id,
        records.categorie,
        records.aanbieder,
        records.bedrag_maand,
        records.leverdatum,
        case when records.reeks = 1 then records.begindatum else records.eerste_periode_van end as begindatum,
        case
            when records.einddatum is not null then records.einddatum
            when records.nummer < laatste_periode.nummer then records.periode_tot
        end as einddatum,
        case
            when records.einddatum is not null then records.reden_einde
            when records.nummer < laatste_periode.nummer then 'verdwenen'
        end as reden_einde
    from laatste_record as records
    inner join laatste_periode on records.gemeentecode = laatste_periode.gemeentecode
    where records.volgorde = 1
)
{% endmacro %}
