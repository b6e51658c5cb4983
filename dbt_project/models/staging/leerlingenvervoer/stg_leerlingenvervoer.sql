-- One row per decision and delivered school year.
-- Decisions on school transport: the newest delivery of each school year.
with

leerlingenvervoer as (
    select * from {{ source('bron', 'leerlingenvervoer') }}
),

leveringen as (
    select * from {{ ref('stg_leveringen') }}
),

geldend as (
    select distinct
        leverancier,
        leverdatum,
        periode_van,
        periode_tot
    from leveringen
    where bron = 'leerlingenvervoer' and geldt
),

final as (
    select
        leerlingenvervoer.gemeentecode,
        leerlingenvervoer.persoon,
        leerlingenvervoer.beschikkingnr,
        leerlingenvervoer.schooljaar,
        leerlingenvervoer.datum_begin,
        leerlingenvervoer.datum_einde,
        leerlingenvervoer.vervoersoort,
        leerlingenvervoer.kosten_jaar,
        geldend.periode_van,
        geldend.periode_tot,
        leerlingenvervoer.leverdatum
    from leerlingenvervoer
    inner join geldend
        on
            leerlingenvervoer.leverancier = geldend.leverancier
            and leerlingenvervoer.leverdatum = geldend.leverdatum
)

select * from final
