-- One row per record and delivered half-year.
-- Wsw records, of the deliveries that count: the newest of each half-year.
with

wsw as (
    select * from {{ source('bron', 'wsw') }}
),

{{ geldend('wsw') }},

final as (
    select
        wsw.gemeentecode,
        wsw.persoon,
        wsw.begin_dienstbetrekking,
        wsw.eind_dienstbetrekking,
        wsw.begin_begeleid_werken,
        wsw.eind_begeleid_werken,
        wsw.reden_ontslag,
        wsw.bestemming,
        geldend.periode_van,
        geldend.periode_tot,
        wsw.leverdatum
    from wsw
    inner join geldend on wsw.leverancier = geldend.leverancier and wsw.leverdatum = geldend.leverdatum
)

select * from final
