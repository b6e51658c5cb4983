-- One row per pupil and school year.
-- The startset: every pupil on 1 October, as the newest month of the school year tells it (A05).
with

vsv as (
    select * from {{ ref('stg_vsv') }}
    where rapport = 'A05'
),

nieuwste as (
    select
        gemeentecode,
        schooljaar,
        max(peildatum) as peildatum
    from vsv
    group by gemeentecode, schooljaar
),

final as (
    select distinct
        vsv.gemeentecode,
        vsv.persoon,
        vsv.schooljaar
    from vsv
    inner join nieuwste
        on
            vsv.gemeentecode = nieuwste.gemeentecode
            and vsv.schooljaar = nieuwste.schooljaar
            and vsv.peildatum = nieuwste.peildatum
)

select * from final
