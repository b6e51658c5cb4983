{# Spells from full stocks per period (design.md section 6, Stocks).

`records`: the name of a CTE with the records of the deliveries that count: gemeentecode, persoon, voorziening_id, begindatum,
einddatum, reden_einde, categorie, aanbieder, bedrag_maand, leverdatum, periode_van, periode_tot.
`bron`: whose delivered periods tell absence from silence. A period that was not delivered neither ends nor starts.

Gives the CTEs up to and including `standspells`. #}
{% macro spells_uit_standen(records, bron) %}
perioden as (
    select
        gemeentecode,
        periode_tot,
        cast(row_number() over (partition by gemeentecode order by periode_tot) as bigint) as nummer,
        count(*) over (partition by gemeentecode) as laatste_nummer
    from (
        select distinct
            gemeentecode,
            periode_tot
        from {{ ref('stg_leveringen') }}
        where bron = '{{ bron }}' and geldt and semantiek = 'stand'
    ) as geleverd
),

genummerd as (
    select
        records.*,
        perioden.nummer,
        perioden.laatste_nummer,
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

-- The last record of a run holds: only a delivery with the record itself can change its end date.
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
        gemeentecode,
        persoon,
        voorziening_id,
        categorie,
        aanbieder,
        bedrag_maand,
        leverdatum,
        case when reeks = 1 then begindatum else eerste_periode_van end as begindatum,
        case when einddatum is not null then einddatum when nummer < laatste_nummer then periode_tot end as einddatum,
        case when einddatum is not null then reden_einde when nummer < laatste_nummer then 'verdwenen' end as reden_einde
    from laatste_record
    where volgorde = 1
)
{% endmacro %}
